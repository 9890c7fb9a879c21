// What shows a plan, a patch set or a merge to those who decide on it: a check run, a comment, and where it is long, one more. Pure.
import { deliveryName } from "../ids.ts";
import { isPaused, knowsIssue, saysTooMuch } from "./audience.ts";
import { codeSpan } from "./defuse.ts";
import type { DeliveryView, Place, RepositoryView, ShipView } from "./delivery-view.ts";
import * as keys from "./key.ts";
import type { PatchSetView, PlanView } from "./proposal-view.ts";
import { patchSetCheck, planCheck, shipCheck } from "./render/check-run.ts";
import { continuation } from "./render/continuation.ts";
import { type GateLife, patchSetLife, planLife, shipLife } from "./render/gate-life.ts";
import { patchSetComment } from "./render/patch-set.ts";
import { laidOut } from "./render/patch-set-sections.ts";
import { planComment, planLayout } from "./render/plan.ts";
import { shipComment } from "./render/ship.ts";
import { hiddenCheck } from "./render/too-visible.ts";
import { check, comment, type Publication, wasPublished } from "./wanted.ts";

const primaryOf = (view: DeliveryView): RepositoryView => {
  const primary = view.repositories.find(({ role }) => role === "primary");
  if (primary === undefined) throw new Error(`${deliveryName(view.id)} has no primary repository`);
  return primary;
};

/** A version that was over before anybody saw it is not shown any more, and while it is paused nothing new is asked. */
const isDue = (view: DeliveryView, key: string, life: GateLife["kind"]): boolean =>
  wasPublished(view, key) || (life === "open" && !isPaused(view));

/** Check runs first: a comment links the run beside it, so that it need not be edited once it is there. */
export const ofPlan = (view: DeliveryView, place: Place, plan: PlanView): readonly Publication[] => {
  const key = keys.planKey(plan);
  const life = planLife(view, plan).kind;
  if (!isDue(view, key, life)) return [];
  const shows = life === "open" ? { repoId: null, digest: plan.digest } : null;
  const primary = primaryOf(view);
  const run = view.settings.checkProposals || wasPublished(view, keys.checkKey(key));
  const drawn = planLayout(view, plan);
  const more = continuation(view, key, `plan ${plan.version}`, drawn.pages);
  const minimized = life === "replaced";
  const makes = life === "open" || life === "approved";
  return [
    ...(run
      ? [check(primary.repoId, keys.checkKey(key), planCheck(view, place, plan, drawn, primary), { makes, shows })]
      : []),
    comment(view, key, planComment(view, place, plan, drawn, "name"), {
      firstBody: planComment(view, place, plan, drawn, "mention"),
      minimized,
      makes,
      shows,
    }),
    ...(more === null ? [] : [comment(view, keys.moreKey(key), more, { minimized, makes, shows })]),
  ];
};

/** In the issue, and in the repository that it is for. */
export const ofPatchSet = (view: DeliveryView, place: Place, patchSet: PatchSetView): readonly Publication[] => {
  const repository = view.repositories.find(({ repoId }) => repoId === patchSet.repoId);
  if (repository === undefined)
    throw new Error(`${deliveryName(view.id)} has a patch set for a repository that takes no part`);
  const key = keys.patchKey(repository.name, patchSet);
  const life = patchSetLife(view, patchSet).kind;
  if (!isDue(view, key, life)) return [];
  const shows = life === "open" ? { repoId: patchSet.repoId, digest: patchSet.digest } : null;
  const run = view.settings.checkProposals || wasPublished(view, keys.checkKey(key));
  const what = `patch set ${patchSet.version} in ${codeSpan(repository.name)}`;
  const more = continuation(view, key, what, laidOut(view, patchSet).pages);
  const minimized = life === "replaced";
  const makes = life === "open" || life === "approved";
  const draft = patchSetCheck(view, place, patchSet, repository);
  const fit = saysTooMuch(view, patchSet) ? hiddenCheck(draft) : draft;
  return [
    ...(run ? [check(patchSet.repoId, keys.checkKey(key), fit, { makes, shows })] : []),
    comment(view, key, patchSetComment(view, place, patchSet, repository, "name"), {
      firstBody: patchSetComment(view, place, patchSet, repository, "mention"),
      minimized,
      makes,
      shows,
    }),
    ...(more === null ? [] : [comment(view, keys.moreKey(key), more, { minimized, makes, shows })]),
  ];
};

/** The comment in the issue; the check run on the head that is merged first. */
export const ofShip = (view: DeliveryView, place: Place, ship: ShipView): readonly Publication[] => {
  const key = keys.shipKey(ship);
  const life = shipLife(view, ship).kind;
  if (!isDue(view, key, life)) return [];
  const shows = life === "open" ? { repoId: null, digest: ship.digest } : null;
  const [first] = ship.content.merges;
  const repository = view.repositories.find(({ repoId }) => repoId === first?.repoId);
  const run = view.settings.checkProposals || wasPublished(view, keys.checkKey(key));
  const makes = life === "open" || life === "approved";
  const draft =
    first === undefined || repository === undefined
      ? null
      : shipCheck(view, place, ship, { repository, head: first.head });
  // It names the other repositories, and where they are asked for.
  const knowsAll =
    repository !== undefined &&
    knowsIssue(view, repository) &&
    view.repositories.every(({ visibility }) => visibility === repository.visibility);
  return [
    ...(run && first !== undefined && draft !== null
      ? [check(first.repoId, keys.checkKey(key), knowsAll ? draft : hiddenCheck(draft), { makes, shows })]
      : []),
    comment(view, key, shipComment(view, place, ship, "name"), {
      firstBody: shipComment(view, place, ship, "mention"),
      minimized: life === "replaced",
      makes,
      shows,
    }),
  ];
};
