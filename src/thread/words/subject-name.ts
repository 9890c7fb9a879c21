// What was approved, by its digest, in the words that its own comment has for it.
import { codeSpan } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";

/** `kind` where no version of it is known here. */
export const subjectName = (view: DeliveryView, kind: string, digest: string): string => {
  const plan = view.plans.find((one) => one.digest === digest);
  if (plan !== undefined) return `plan ${plan.version}`;
  const ship = view.ships?.find((one) => one.digest === digest);
  if (ship !== undefined) return `merge ${ship.version}`;
  const patchSet = view.patchSets.find((one) => one.digest === digest);
  if (patchSet === undefined) return kind;
  const repository = view.repositories.find(({ repoId }) => repoId === patchSet.repoId);
  return `patch set ${patchSet.version} in ${codeSpan(repository?.name ?? "")}`;
};
