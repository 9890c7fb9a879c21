// Why nothing is done while a hold stands, and who may lift it.
import type { Hold } from "../../delivery/delivery.ts";
import { unreachable } from "../../result.ts";
import type { DeliveryView, HoldView } from "../delivery-view.ts";
import { command, type Prefix } from "./commands.ts";
import { moment, person, sentences } from "./phrase.ts";

/** What ends a hold, for who may not know what stands still. */
const endOf = (hold: Hold, prefix: Prefix): string => {
  switch (hold) {
    case "hold":
      return `${command(prefix, "resume")} lifts a hold.`;
    case "freeze":
      return "The repository or the installation is frozen. It continues when the freeze is lifted.";
    case "issue_closed":
      return "The issue is closed. Reopen it to continue.";
    case "unlabeled":
      return "The label was taken off. Put it back to continue.";
    case "suspended":
      return "The installation of the app is suspended. It continues when an owner unsuspends it.";
    case "archived":
      return "A repository is archived. Unarchive it to continue.";
    case "source_inactive":
      return "The operator has taken the repository out of service.";
    default:
      return unreachable(hold);
  }
};

const since = ({ since: at, login }: HoldView): string =>
  at === null ? "" : ` (${moment(at)}${login === null ? "" : ` by ${person(login)}`})`;

const sentence = ({ hold, login }: HoldView, { settings: { prefix } }: DeliveryView): string =>
  hold === "hold"
    ? `${login === null ? "Somebody put it on hold. " : ""}${command(prefix, "resume")} continues.`
    : endOf(hold, prefix);

/** "`/resume` lifts a hold.", or what else ends those that stand. */
export const endsOf = (holds: readonly Hold[], prefix: Prefix): string =>
  sentences(...holds.map((hold) => endOf(hold, prefix)));

/** In the place of what can be done at a gate. */
export const heldLine = ({ state, settings }: DeliveryView): string =>
  sentences("On hold: commands wait.", endsOf(state.holds, settings.prefix));

/** One sentence for each hold that stands; empty when there is none. */
export const holdWords = (view: DeliveryView): string =>
  view.holds.map((one) => `**On hold**${since(one)}. ${sentence(one, view)}`).join(" ");
