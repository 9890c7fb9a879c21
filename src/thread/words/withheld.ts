// What the model was not shown, in words.
import type { DeliveryView } from "../delivery-view.ts";
import { count } from "./phrase.ts";

/** A sentence for everybody; null when nothing that looks like a secret was found. */
export const secretsWithheld = ({ withheld }: DeliveryView): string | null => {
  const { secrets } = withheld;
  if (secrets === 0) return null;
  return secrets === 1
    ? "1 value that looks like a secret was not shown to the model."
    : `${count(secrets, "value")} that look like secrets were not shown to the model.`;
};

/** For the evidence. Null when everything was shown as it is. */
export const allWithheld = ({ withheld }: DeliveryView): string | null => {
  const { secrets, hiddenParts, hiddenCharacters } = withheld;
  const parts = [
    secrets === 0 ? "" : `${count(secrets, "value")} like secrets`,
    hiddenParts === 0 ? "" : `${count(hiddenParts, "hidden part")} of issue and comments`,
    hiddenCharacters === 0 ? "" : count(hiddenCharacters, "invisible character"),
  ].filter((part) => part !== "");
  return parts.length === 0 ? null : parts.join(", ");
};
