// Why a label did not start a delivery: one comment for each refusal.
import type { AdmissionRefusal } from "../../admission/refusal.ts";
import { unreachable } from "../../result.ts";
import { frozenBy } from "./freezes.ts";
import { count, moment, number, person } from "./phrase.ts";
import { configInvalid } from "./problems.ts";
import { repositoriesRefused } from "./repositories.ts";

const again = "Put the label on again then.";

/** The body of the comment. Null: a reaction says enough, or there is nobody to tell. */
export const admissionWords = (refusal: AdmissionRefusal): string => {
  switch (refusal.code) {
    case "source_inactive":
      return "Not started. The operator of this app has taken this repository out of service.";
    case "config_invalid":
      return `Not started. ${configInvalid(refusal.commit, refusal.problems)}\n\nCorrect it on the default branch. ${again}`;
    case "labeler_role":
      return `Not started. ${person(refusal.login)} put the label on and has no write access to this repository (role: ${refusal.role}). Somebody who has can take it off and put it on again.`;
    case "labeler_is_bot":
      return `Not started. ${person(refusal.login)} is a bot, and bots start nothing here. Somebody with write access can take the label off and put it on again.`;
    case "label_unheard":
      return `Not started. ${refusal.login === null ? "Somebody" : person(refusal.login)} put the label on (${moment(refusal.at)}), and GitHub never handed that over to this app: without its signature nobody knows for sure who it was. Nothing was done. Somebody with write access can take the label off and put it on again.`;
    case "issue_closed":
      return `Not started. The issue is closed. ${again.replace("then", "after reopening it")}`;
    case "issue_is_pull_request":
      return "Not started. This is a pull request; only issues start a delivery.";
    case "issue_is_control":
      return "Not started. This issue is the app's own, about the repository. Open another one and put the label on that.";
    case "frozen":
      return `Not started yet. ${frozenBy(refusal)} It starts by itself when the freeze is lifted. Take the label off if it should not.`;
    case "issue_too_large":
      return `Not started. Title and text have ${number(refusal.characters)} characters; ${number(refusal.limit)} are allowed (\`limits.issue_characters\`). Shorten it. ${again}`;
    case "repos_unreadable":
      return `Not started. A line of this issue begins with \`Repos:\` and does not go on as a list: \`Repos: owner/name, owner/name\`. Correct it, or begin the line otherwise. ${again}`;
    case "too_many_repositories":
      return `Not started. ${count(refusal.named, "repository", "repositories")} beside this one ${refusal.named === 1 ? "is" : "are"} named; ${number(refusal.limit)} may be. ${again.replace("then", "with fewer")}`;
    case "repositories_refused":
      return repositoriesRefused(refusal, "Not started.", again);
    case "too_many_live":
      return `Not started. ${count(refusal.live, "delivery", "deliveries")} of this ${refusal.scope} ${refusal.live === 1 ? "is" : "are"} live; ${number(refusal.limit)} may be. ${again.replace("then", "when one has ended")}`;
    default:
      return unreachable(refusal);
  }
};
