// Where a delivery in several repositories stands in each of them: one line a repository.
import { isTerminal } from "../../delivery/delivery.ts";
import { codeSpan } from "../defuse.ts";
import type { DeliveryView, Place, RepositoryView } from "../delivery-view.ts";
import { patchKey } from "../key.ts";
import { checksWords } from "./checks.ts";
import { linkTo, pullLink } from "./links.ts";
import { hasTasks } from "./order.ts";
import { shortSha } from "./phrase.ts";

export const hasSeveral = ({ repositories }: Pick<DeliveryView, "repositories">): boolean => repositories.length > 1;

/** Of the plan that is in force. */
const isLeftAlone = (view: DeliveryView, { name }: RepositoryView): boolean => {
  const plan = view.plans.find(({ digest }) => view.state.plan?.digest === digest && view.state.plan.approved);
  return plan !== undefined && !hasTasks(plan.document, name);
};

const stateIn = (view: DeliveryView, place: Place, repository: RepositoryView): string => {
  const { repoId, name, pullRequest, branch } = repository;
  const target = view.state.targets.find((one) => one.repoId === repoId);
  const pull = pullRequest === null ? null : pullLink(place, repository, pullRequest);
  const patchSet = target?.patchSet ?? null;
  if (pull !== null && target?.landed === "merged") return `${pull} is merged`;
  if (patchSet !== null && !patchSet.written) {
    const which = linkTo(view, patchKey(name, patchSet), `patch set ${patchSet.version}`);
    const stands = pull === null ? "" : `; ${pull} stays as it is until then`;
    const over = isTerminal(view.state);
    if (!patchSet.approved) return over ? `${which} was not approved` : `${which} is not approved yet${stands}`;
    if (view.state.exitPhase === "review") return `${which} is approved`;
    if (pull === null && branch?.stands === "yes")
      return `${which} is approved; branch ${codeSpan(branch.name)} is pushed, its pull request is not opened`;
    return over ? `${which} was approved and not written` : `${which} is approved and not written yet${stands}`;
  }
  if (pull !== null) {
    const said = checksWords(view, repoId);
    return said === null ? `${pull} is open` : `${pull} is open: ${said.replace(/\.$/, "")}`;
  }
  return isLeftAlone(view, repository) ? "the plan has no task here" : "no patch set yet";
};

const line = (view: DeliveryView, place: Place, repository: RepositoryView): string => {
  const moved = view.facts.baseMoved.includes(repository.repoId)
    ? " (its branch has moved on since; the write is on this base)"
    : "";
  return `- ${codeSpan(repository.name)}, base ${shortSha(repository.baseSha)}${moved}: ${stateIn(view, place, repository)}`;
};

/** In the declared order. */
export const partsList = (view: DeliveryView, place: Place): string =>
  view.repositories.map((repository) => line(view, place, repository)).join("\n");
