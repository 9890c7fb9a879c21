// The table: which rule answers which event. Every event stands here once; a new one without a rule does not compile.
import { unreachable } from "../../result.ts";
import { type Delivery, isTerminal } from "../delivery.ts";
import type { Recorded } from "../event.ts";
import { asked, askedAfterTheEnd } from "./asking.ts";
import { afterTheEnd, closePublished, rollbackEnded, rolledBack, sourceGone } from "./closing.ts";
import { exitShortened } from "./exit.ts";
import { holdAdded, holdRemoved } from "./holding.ts";
import {
  patchesMade,
  planHasQuestions,
  planIncomplete,
  planMade,
  policyBlocked,
  qaFailed,
  revertConflicts,
  triaged,
} from "./making.ts";
import {
  headRestored,
  headUnapproved,
  pullClosed,
  pullMerged,
  pullReopened,
  pullRetargeted,
  pullTargetRestored,
} from "./pulls.ts";
import { note, type Ruling, redraw, stale, type Verdict } from "./ruling.ts";
import {
  mergeRefused,
  notReady,
  partlyShipped,
  readinessLost,
  readyToShip,
  regressed,
  shipped,
  windowClean,
} from "./shipping.ts";
import { gateExpired, gatePublished, gateTampered } from "./showing.ts";
import { checksGreen, checksRed, fixProposed, noChecks } from "./watching.ts";
import {
  deadline,
  effectDead,
  effectFailed,
  effectStarted,
  injectionFound,
  modelUnusable,
  resourceBack,
  resourceRefused,
} from "./working.ts";
import { approvalVoid, baseMoved, baseRewritten, policyNowBlocks, writeRefused, written } from "./writing.ts";

export const rule = (d: Delivery, { event, actor, at }: Recorded): Ruling | Verdict => {
  if (event.type === "command")
    return isTerminal(d) ? askedAfterTheEnd(d, event, actor, at) : asked(d, event, actor, at);
  if (isTerminal(d)) return afterTheEnd(d, event);
  // The fence: what belongs to another attempt says nothing about this one.
  if ("attempt" in event && event.attempt !== d.attempt) return stale;
  switch (event.type) {
    case "effect_started":
      return effectStarted(d);
    case "effect_failed":
      return effectFailed(d);
    case "effect_dead":
      return effectDead(d);
    case "model_unusable":
      return modelUnusable(d);
    case "resource_refused":
      return resourceRefused(d, event);
    case "resource_back":
      return resourceBack(d, event);
    case "injection_found":
      return injectionFound(d);
    case "deadline":
      return deadline(d);

    case "triaged":
      return triaged(d, event);
    case "plan_made":
      return planMade(d, event);
    case "plan_incomplete":
      return planIncomplete(d);
    case "plan_has_questions":
      return planHasQuestions(d);
    case "patches_made":
      return patchesMade(d, event);
    case "revert_conflicts":
      return revertConflicts(d);
    case "policy_blocked":
      return policyBlocked(d);
    case "qa_failed":
      return qaFailed(d);

    case "gate_published":
      return gatePublished(d, event);
    case "gate_tampered":
      return gateTampered(d, event);
    case "gate_expired":
      return gateExpired(d, event, at);

    case "written":
      return written(d, event);
    case "write_refused":
      return writeRefused(d);
    case "approval_void":
      return approvalVoid(d, event);
    case "policy_now_blocks":
      return policyNowBlocks(d);
    case "base_moved":
      return baseMoved(d);
    case "base_rewritten":
      return baseRewritten(d, event);

    case "checks_green":
      return checksGreen(d, event);
    case "checks_red":
      return checksRed(d);
    case "no_checks":
      return noChecks(d);
    case "fix_proposed":
      return fixProposed(d);

    case "head_unapproved":
      return headUnapproved(d, event);
    case "head_restored":
      return headRestored(d, event);
    case "pull_closed":
      return pullClosed(d, event);
    case "pull_reopened":
      return pullReopened(d, event);
    case "pull_retargeted":
      return pullRetargeted(d, event);
    case "pull_target_restored":
      return pullTargetRestored(d, event);
    case "pull_merged":
      return pullMerged(d, event);

    case "ready_to_ship":
      return readyToShip(d, event);
    case "not_ready":
      return notReady(d);
    case "readiness_lost":
      return readinessLost(d, event);
    case "shipped":
      return shipped(d);
    case "merge_refused":
      return mergeRefused(d);
    case "partly_shipped":
      return partlyShipped(d, event);
    case "window_clean":
      return windowClean(d);
    case "regressed":
      return regressed(d);

    case "close_published":
      return closePublished(d);
    case "rolled_back":
      return rolledBack(d);
    case "rollback_ended":
      return rollbackEnded(d);
    case "source_gone":
      return sourceGone(d);
    case "exit_shortened":
      return exitShortened(d, event);

    case "hold_added":
      return holdAdded(d, event);
    case "hold_removed":
      return holdRemoved(d, event);
    case "issue_edited":
    case "trigger_repeated":
      return note(redraw);
    default:
      return unreachable(event);
  }
};
