// Every sentence that refuses, read aloud.
import { describe, expect, test } from "vitest";
import { AdmissionRefusal } from "../../src/admission/refusal.ts";
import { CommandRefusal } from "../../src/commands/refusal.ts";
import { DeliveryId, IssueNumber } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { admissionWords } from "../../src/thread/words/admission.ts";
import { helpWords, statusWords } from "../../src/thread/words/help.ts";
import { type AnswerFacts, refusedWords } from "../../src/thread/words/refused.ts";
import { harmsOf } from "./support/harms.ts";
import { API, at, SHOP, sha } from "./support/world.ts";

const FACTS: AnswerFacts = {
  delivery: "D-12",
  state: "waiting for a decision on plan 1",
  prefix: null,
  given: "approve",
  login: "octocat",
  writtenAt: at("09:58"),
  shownAt: at("09:59"),
  repository: (id) => (id === SHOP ? "acme/shop" : "acme/api"),
  stopped: () => "stopped by policy",
};

const SENTENCES: readonly (readonly [CommandRefusal, string | null])[] = [
  [
    { code: "not_now", phase: "implement", runStatus: "running", applies: ["cancel", "hold", "rollback"] },
    "Not applied, `octocat`. `/approve` does not apply: D-12 is waiting for a decision on plan 1. What applies: `/cancel`, `/hold` and `/rollback`.",
  ],
  [
    { code: "not_now", phase: "close", runStatus: "pending", applies: [] },
    "Not applied, `octocat`. `/approve` does not apply: D-12 is waiting for a decision on plan 1. Nothing applies now but to wait.",
  ],
  [
    { code: "over", applies: [] },
    "Not applied, `octocat`. D-12 is over. Putting the label on again starts a new delivery.",
  ],
  [{ code: "on_hold" }, "Not applied, `octocat`. D-12 is on hold, and commands wait. `/resume` lifts a hold."],
  [
    { code: "on_hold", holds: ["hold"] },
    "Not applied, `octocat`. D-12 is on hold, and commands wait. `/resume` lifts a hold.",
  ],
  [
    { code: "on_hold", holds: ["freeze"] },
    "Not applied, `octocat`. D-12 is on hold, and commands wait. The repository or the installation is frozen. It continues when the freeze is lifted.",
  ],
  [
    { code: "on_hold", holds: ["hold", "unlabeled"] },
    "Not applied, `octocat`. D-12 is on hold, and commands wait. `/resume` lifts a hold. The label was taken off. Put it back to continue.",
  ],
  [
    { code: "still_publishing" },
    "Not applied, `octocat`. What is to be decided was still being posted. Read it, then give the command again.",
  ],
  [
    { code: "stale", shownVersion: 2, shownCode: "p4x9", repoId: SHOP },
    "Not applied, `octocat`. You wrote `/approve` at 09:58 UTC, before patch set 2 in `acme/shop` was shown (09:59 UTC). Look at it and approve that: `/approve p4x9`",
  ],
  [
    { code: "stale", shownVersion: 1, shownCode: "k7m2", repoId: null },
    "Not applied, `octocat`. You wrote `/approve` at 09:58 UTC, before plan 1 was shown (09:59 UTC). Look at it and approve that: `/approve k7m2`",
  ],
  [
    { code: "unknown_code", given: "zzzz" },
    "Not applied, `octocat`. `zzzz` is not the code of anything that D-12 has shown.",
  ],
  [
    { code: "superseded_code", given: "k7m2", shownCode: "p4x9" },
    "Not applied, `octocat`. `k7m2` stands for a version that was replaced. Look at the one that is shown now: `/approve p4x9`",
  ],
  [
    { code: "superseded_code", given: "k7m2", shownCode: null },
    "Not applied, `octocat`. `k7m2` stands for a version that was replaced. Nothing can be approved now: D-12 is waiting for a decision on plan 1.",
  ],
  [
    { code: "rejected_code", given: "k7m2", shownCode: "p4x9" },
    "Not applied, `octocat`. `k7m2` stands for a version that was turned down. Look at the one that is shown now: `/approve p4x9`",
  ],
  [
    { code: "expired", shownVersion: 2, shownCode: "p4x9", repoId: SHOP, ttl: 7 * 86_400 },
    "Not applied, `octocat`. Patch set 2 in `acme/shop` was shown longer ago than approvals may be (7 d, `approvals.ttl`). It is shown again; look at it, then approve it: `/approve p4x9`",
  ],
  [
    { code: "gate_changed", shownVersion: 1, shownCode: "p4x9", repoId: null },
    "Not applied, `octocat`. The comment that shows plan 1 was changed after it was posted, so nobody can tell what you read. It is shown again as it is; look at it, then approve it: `/approve p4x9`",
  ],
  [
    { code: "other_code", given: "k7m2", delivery: "D-7", issue: IssueNumber.parse(31) },
    "Not applied, `octocat`. `k7m2` is the code of something that D-7 has shown, on issue `#31`. Approve that there; here it means nothing.",
  ],
  [
    { code: "comment_too_intricate" },
    "Not applied, `octocat`. The comment has more lines, nested quotes or marks of formatting than are read for commands. Post the command alone.",
  ],
  [
    { code: "code_required", shownCode: "p4x9", because: "configured" },
    "Not applied, `octocat`. This repository asks for the code of the version: `/approve p4x9`",
  ],
  [
    { code: "code_required", shownCode: "p4x9", because: "warning" },
    "Not applied, `octocat`. Policy warns of a file here that runs where no check has looked, so this version is approved by its code, in a comment: `/approve p4x9`",
  ],
  [
    { code: "code_required", shownCode: "p4x9", because: "head" },
    "Not applied, `octocat`. A commit that nobody proposed is approved by its code: `/approve p4x9`",
  ],
  [
    { code: "already_approved", repoId: null },
    "Not applied, `octocat`. You have approved this version already. Your approval stands.",
  ],
  [
    { code: "already_approved", repoId: API },
    "Not applied, `octocat`. You have approved this version in `acme/api` already. Your approval stands.",
  ],
  [
    { code: "name_one", open: [SHOP, API] },
    "Not applied, `octocat`. Several patch sets are open; name one: `/approve acme/shop` or `/approve acme/api`",
  ],
  [
    { code: "no_such_target", given: "acme/web", open: [SHOP] },
    "Not applied, `octocat`. `acme/web` is not what D-12 waits for. What waits: `acme/shop`.",
  ],
  [
    { code: "cause_remains", reason: "policy" },
    "Not applied, `octocat`. What stopped D-12 is still there: stopped by policy.",
  ],
  [
    { code: "undone_already", by: DeliveryId.parse(13), undoes: DeliveryId.parse(12) },
    "Not applied, `octocat`. D-13 undoes D-12 already: approve what it shows or merge its pull request; `/cancel` ends it while it is not over.",
  ],
  [
    { code: "undone_already", by: DeliveryId.parse(12), undoes: DeliveryId.parse(11) },
    "Not applied, `octocat`. D-12 is itself a rollback, of D-11, and cannot be rolled back. Approve what it shows, merge its pull request, or `/cancel` it; to start again, put the label on once more.",
  ],
  [
    { code: "nothing_to_revise" },
    "Not applied, `octocat`. There is nothing yet that could be revised: D-12 is waiting for a decision on plan 1.",
  ],
  [
    { code: "budget_ceiling", unit: "tokens", now: 200_000, most: 250_000 },
    "Not applied, `octocat`. The operator allows one delivery 250,000 tokens at most, and it has 200,000 tokens already: up to 50,000 tokens can be added.",
  ],
  [
    { code: "budget_ceiling", unit: "money", now: 2_000_000, most: 2_000_000 },
    "Not applied, `octocat`. The operator allows one delivery `$2.00` at most, and it has `$2.00` already: nothing can be added.",
  ],
  [
    { code: "budget_unlimited", unit: "time" },
    "Not applied, `octocat`. D-12 has no limit of model time, so there is none to raise.",
  ],
  [
    { code: "no_such_criterion", given: "AC-9", open: ["AC-2", "AC-3"] },
    "Not applied, `octocat`. `AC-9` does not wait to be accepted. What does: `AC-2` and `AC-3`.",
  ],
  [
    { code: "exit_not_nearer", exitPhase: "review" },
    "Not applied, `octocat`. D-12 ends after review already. `/approve` only ends it earlier; to go further, change `exit_phase` and start a new delivery.",
  ],
  [
    { code: "exit_passed", exitPhase: "plan" },
    "Not applied, `octocat`. D-12 has passed plan, so it cannot end there. `/cancel` ends it where it is.",
  ],
  [
    { code: "exit_undoes_nothing", exitPhase: "review" },
    "Not applied, `octocat`. D-12 undoes a merge, and that takes a pull request: it cannot end after review. `/cancel` ends it where it is, and leaves the merge as it stands.",
  ],
  [{ code: "not_yet_available", command: "rollback" }, "Not applied, `octocat`. `/rollback` is not available yet."],
  [
    { code: "usage", command: "approve", problem: "unexpected_text", given: "it, please @mona" },
    "Not applied, `octocat`. `/approve` does not take `it, please @mona`. It goes: `/approve [owner/repo | all] [code]`.",
  ],
  [
    { code: "usage", command: "revise", problem: "missing_text", given: "" },
    "Not applied, `octocat`. `/revise` lacks its text. It goes: `/revise [plan | owner/repo] <feedback>`.",
  ],
  [
    { code: "unknown_command", given: "aprove", meant: "approve" },
    "Not applied, `octocat`. There is no `/aprove`. Did you mean `/approve`?",
  ],
  [
    { code: "unknown_command", given: "fly", meant: null },
    "Not applied, `octocat`. There is no `/fly`. `/help` lists what there is.",
  ],
  [
    { code: "contradiction", commands: ["approve", "cancel"] },
    "Not applied, `octocat`. `/approve` and `/cancel` in one comment contradict one another, so none was applied. Post the one that you mean.",
  ],
  [
    { code: "too_many_commands", most: 5 },
    "Not applied, `octocat`. One comment may hold at most 5 commands. None was applied.",
  ],
  [
    { code: "comment_too_long", most: 20_000 },
    "Not applied, `octocat`. The comment is longer than the 20,000 characters that are read for commands. Post the command alone.",
  ],
  [
    { code: "quoted_mail" },
    "Not applied, `octocat`. The comment quotes a mail, and what was quoted cannot be told from what was written. Post the command alone.",
  ],
  [{ code: "stranger", why: "role" }, null],
  [
    { code: "not_approver", login: "hubot", gate: null, users: ["octocat", "mona"], teams: [] },
    "Not applied. `hubot` is not an approver of this repository (`approvers` in `.github/countersign.yml`). `octocat` and `mona` are.",
  ],
  [
    { code: "not_approver", login: "hubot", gate: null, users: ["octocat"], teams: [] },
    "Not applied. `hubot` is not an approver of this repository (`approvers` in `.github/countersign.yml`). `octocat` is.",
  ],
  [
    { code: "not_approver", login: "hubot", gate: null, users: ["octocat"], teams: ["acme/core"] },
    "Not applied. `hubot` is not an approver of this repository (`approvers` in `.github/countersign.yml`). `octocat` and the members of `acme/core` are.",
  ],
  [
    { code: "not_approver", login: "hubot", gate: null, users: [], teams: [] },
    "Not applied. `hubot` is not an approver of this repository. People with the role maintain or admin are.",
  ],
  [
    { code: "not_approver", login: "hubot", gate: "review", users: ["octocat"], teams: [] },
    "Not applied. `hubot` is not an approver of patch sets (`gate_approvers.review` in `.github/countersign.yml`). `octocat` is.",
  ],
  [
    { code: "login_taken", login: "hubot" },
    "Not applied. `hubot` is on the list of approvers, and was the login of another account when this delivery began. Whoever is meant can be named by numeric id in `.github/countersign.yml` on the default branch, which nobody else can take.",
  ],
  [
    { code: "code_owners_unusable", repoId: API, file: ".github/CODEOWNERS", why: "line 3 cannot be understood" },
    "Not applied, `octocat`. Nobody can tell whose approval is needed, because `.github/CODEOWNERS` of `acme/api` cannot be used: line 3 cannot be understood. Mend it on the default branch, then give the command again.",
  ],
  [
    { code: "code_owners_unusable", repoId: API, file: null, why: "the default branch is gone" },
    "Not applied, `octocat`. Nobody can tell whose approval is needed, because `acme/api` cannot be read: the default branch is gone. Mend it on the default branch, then give the command again.",
  ],
  [
    { code: "owns_nothing_here", repoId: API },
    "Not applied. `octocat` is not an approver, and owns none of the paths that this changes, by CODEOWNERS of the default branch.",
  ],
  [
    { code: "no_write_on_target", repoId: API, login: "octocat" },
    "Not applied. `octocat` has no write access to `acme/api`, which this is about.",
  ],
  [
    { code: "edited" },
    "Not applied, `octocat`. The comment was edited or deleted after it was posted. Post the command again.",
  ],
  [
    { code: "review_changed" },
    "Not applied, `octocat`. The review was edited or dismissed after it was submitted, so nobody can tell what was meant. Review again, or comment `/approve` and what to change.",
  ],
  [
    { code: "review_outdated", reviewed: sha("base"), head: sha("head") },
    "Not applied, `octocat`. It is of `e6b0a27`, and the pull request now holds `82d14e9`. Review what it holds now.",
  ],
  [
    { code: "review_too_long", most: 10_000 },
    "Not applied, `octocat`. With its comments it is longer than the 10,000 characters that are taken for feedback. Comment `/approve` and what matters most.",
  ],
  [
    {
      code: "config_invalid",
      commit: sha("base"),
      problems: [{ line: 3, message: "must name at least one person or team" }],
    },
    "Not applied, `octocat`. Nobody's authority can be judged: `.github/countersign.yml` on the default branch (`e6b0a27`) cannot be used:\n\n- line 3: must name at least one person or team",
  ],
  [
    { code: "elsewhere", command: "freeze" },
    "Not applied, `octocat`. `/freeze` stops or frees the whole repository, and is given in its control issue alone (open issue `Countersign: control`; where there is none, `control_issue: on` makes one).",
  ],
  [
    { code: "not_here", command: "approve" },
    "Not applied, `octocat`. `/approve` is about one delivery: give it on the issue of that delivery. Here `/freeze` and `/unfreeze` apply.",
  ],
  [
    { code: "control_off" },
    "Not applied, `octocat`. This control issue is kept no more (`control_issue: off`), so nobody would see the freeze here. `control_issue: on` brings it back, and the operator can freeze without it. `/unfreeze` here still lifts what an approver froze.",
  ],
  [
    { code: "already_frozen", login: "mona", since: instant("2026-11-21T09:41:00Z") },
    "Not applied, `octocat`. This repository is frozen already, since 21 Nov 09:41 UTC by `mona`. `/unfreeze` lifts it.",
  ],
  [{ code: "not_frozen", operator: false }, "Not applied, `octocat`. This repository is not frozen."],
  [
    { code: "not_frozen", operator: true },
    "Not applied, `octocat`. The operator has frozen it, and only the operator lifts that.",
  ],
  [
    { code: "overtaken", by: "freeze", login: "mona", at: instant("2026-11-21T09:41:00Z") },
    "Not applied, `octocat`. You wrote `/approve` before `mona` wrote `/freeze` (21 Nov 09:41 UTC), and it came here late, so it does not undo that. If that shall end too, post `/approve` again.",
  ],
  [
    { code: "older_content", writtenAt: instant("2026-11-21T09:41:00Z") },
    "Not applied, `octocat`. You wrote `/approve` before the newest commit of D-12 (21 Nov 09:41 UTC), and it came here late. Look at what stands there now; if that is right, post `/approve` again.",
  ],
  [
    { code: "button_outdated" },
    "Not applied, `octocat`. The button stands on a page that is older than what D-12 shows now. Load it again.",
  ],
];

describe("a command that is refused is answered", () => {
  test.each(SENTENCES)("%j", (refusal, sentence) => {
    expect(refusedWords(refusal, FACTS)).toBe(sentence);
    if (sentence !== null) expect(harmsOf(sentence)).toEqual([]);
  });

  test("for every code that there is", () => {
    const codes = CommandRefusal.options.map((option) => option.shape.code.value);
    expect(new Set(SENTENCES.map(([{ code }]) => code))).toEqual(new Set(codes));
  });

  test("with dates where the days differ, and the prefix of the repository", () => {
    const facts = { ...FACTS, prefix: "cs", shownAt: at("09:59"), writtenAt: null };
    expect(refusedWords({ code: "stale", shownVersion: 1, shownCode: "k7m2", repoId: null }, facts)).toBe(
      "Not applied, `octocat`. You wrote `/cs approve`, before plan 1 was shown. Look at it and approve that: `/cs approve k7m2`",
    );
  });
});

const ADMISSIONS: readonly (readonly [AdmissionRefusal, string])[] = [
  [
    { code: "label_unheard", login: "octocat", at: instant("2026-11-20T10:02:00Z") },
    "Not started. `octocat` put the label on (20 Nov 10:02 UTC), and GitHub never handed that over to this app: without its signature nobody knows for sure who it was. Nothing was done. Somebody with write access can take the label off and put it on again.",
  ],
  [
    { code: "label_unheard", login: null, at: instant("2026-11-20T10:02:00Z") },
    "Not started. Somebody put the label on (20 Nov 10:02 UTC), and GitHub never handed that over to this app: without its signature nobody knows for sure who it was. Nothing was done. Somebody with write access can take the label off and put it on again.",
  ],
  [{ code: "source_inactive" }, "Not started. The operator of this app has taken this repository out of service."],
  [
    {
      code: "config_invalid",
      path: ".github/countersign.yml",
      commit: sha("base"),
      problems: [
        { line: 2, key: "exit_phase", message: "must be plan, review or verify" },
        { line: null, key: "", message: "is not valid YAML" },
      ],
    },
    "Not started. `.github/countersign.yml` on the default branch (`e6b0a27`) cannot be used:\n\n- line 2, `exit_phase`: must be plan, review or verify\n- is not valid YAML\n\nCorrect it on the default branch. Put the label on again then.",
  ],
  [
    { code: "labeler_role", login: "hubot", role: "triage" },
    "Not started. `hubot` put the label on and has no write access to this repository (role: triage). Somebody who has can take it off and put it on again.",
  ],
  [
    { code: "labeler_is_bot", login: "dependabot[bot]" },
    "Not started. `dependabot[bot]` is a bot, and bots start nothing here. Somebody with write access can take the label off and put it on again.",
  ],
  [{ code: "issue_closed" }, "Not started. The issue is closed. Put the label on again after reopening it."],
  [{ code: "issue_is_pull_request" }, "Not started. This is a pull request; only issues start a delivery."],
  [
    { code: "issue_is_control" },
    "Not started. This issue is the app's own, about the repository. Open another one and put the label on that.",
  ],
  [
    { code: "frozen", by: "operator", reason: "see @acme/ops and fixes #1" },
    "Not started yet. The operator has frozen this repository. Reason: see `@acme/ops` and fixes `#1`. It starts by itself when the freeze is lifted. Take the label off if it should not.",
  ],
  [
    { code: "frozen", by: "approver", reason: null },
    "Not started yet. This repository is frozen. It starts by itself when the freeze is lifted. Take the label off if it should not.",
  ],
  [
    { code: "issue_too_large", characters: 48_211, limit: 20_000 },
    "Not started. Title and text have 48,211 characters; 20,000 are allowed (`limits.issue_characters`). Shorten it. Put the label on again then.",
  ],
  [
    { code: "repos_unreadable" },
    "Not started. A line of this issue begins with `Repos:` and does not go on as a list: `Repos: owner/name, owner/name`. Correct it, or begin the line otherwise. Put the label on again then.",
  ],
  [
    { code: "too_many_repositories", named: 10, limit: 9 },
    "Not started. 10 repositories beside this one are named; 9 may be. Put the label on again with fewer.",
  ],
  [
    {
      code: "repositories_refused",
      primary: "acme/shop",
      repositories: [{ name: "acme/api", why: { code: "not_accepting" } }],
    },
    "Not started. `acme/api` does not let `acme/shop` in. `accept_from: [acme/shop]` in its own `.github/countersign.yml` on its default branch does. Put the label on again then.",
  ],
  [
    {
      code: "repositories_refused",
      primary: "acme/shop",
      repositories: [
        { name: "acme/api", why: { code: "empty" } },
        { name: "acme/web", why: { code: "config_invalid", line: null } },
      ],
    },
    "Not started.\n\n- `acme/api` has no commit on its default branch.\n- `.github/countersign.yml` of `acme/web` cannot be used. It has to be corrected on the default branch.\n\nPut the label on again then.",
  ],
  [
    { code: "too_many_live", scope: "repository", live: 20, limit: 20 },
    "Not started. 20 deliveries of this repository are live; 20 may be. Put the label on again when one has ended.",
  ],
];

describe("a label that starts nothing is answered", () => {
  test.each(ADMISSIONS)("%j", (refusal, sentence) => {
    expect(admissionWords(refusal)).toBe(sentence);
    expect(harmsOf(sentence)).toEqual([]);
  });

  test("for every code that there is", () => {
    const codes = AdmissionRefusal.options.map((option) => option.shape.code.value);
    expect(new Set(ADMISSIONS.map(([{ code }]) => code))).toEqual(new Set(codes));
  });
});

test("/help lists what applies now, then all there is", () => {
  expect(helpWords(null, "D-12", ["approve", "cancel", "rollback"])).toMatchInlineSnapshot(`
    "**Commands.** To D-12 apply now: \`/approve\`, \`/cancel\` and \`/rollback\`.

    - \`/approve [owner/repo | all] [code]\`: Approves what is shown: the plan, a patch set, a merge, or commits that people pushed. A code says exactly which version. For approvers.
    - \`/reject [owner/repo] [reason]\`: Turns down what is shown and goes back one phase. Nothing starts by itself. For approvers.
    - \`/revise [plan | owner/repo] <feedback>\`: Asks for a new version of what is shown, with your feedback. For approvers.
    - \`/retry\`: Tries what failed again, or what was blocked once its cause is gone. For approvers.
    - \`/cancel\`: Ends the delivery. What exists on GitHub stays and is named. For approvers.
    - \`/plan\`: Asks for a plan although triage advised against it. For approvers.
    - \`/hold\`: Stops all work and all writing until it is resumed. For approvers.
    - \`/resume\`: Lifts a hold. For approvers.
    - \`/status\`: Brings the status comment up to date and links to it. For everyone with write access.
    - \`/help\`: Lists the commands. For everyone with write access.
    - \`/rollback\`: Proposes to undo what was merged. Nothing is undone before what undoes it is approved. For approvers.
    - \`/accept AC-n\`: Accepts a criterion of the plan for which no check, test or file stands as evidence. For approvers.
    - \`/budget <+50k | +$1.50 | +30min>\`: Allows this delivery more: tokens, dollars, or minutes of model time. What ran out of it goes on. For approvers.
    - \`/exit <plan | review | verify | observe | close>\`: Lets the delivery end earlier than it would. It never ends later, and never where it has already passed. For approvers.
    - \`/freeze [reason]\`: In the control issue: stops all writing, beginning and paying for models in the repository. For approvers.
    - \`/unfreeze\`: In the control issue: lifts that. What was held goes on by itself. For approvers.

    A command stands at the start of a line in a new comment, outside quotes and code."
  `);
  expect(helpWords("cs", "D-12", [])).toMatch(
    /^\*\*Commands\.\*\* Only these two apply to D-12 now: `\/cs status` and `\/cs help`\./,
  );
});

test("/status answers with a link, not a copy", () => {
  expect(statusWords("D-12", "making patches", "https://github.com/acme/shop/issues/12#issuecomment-1")).toBe(
    "[Status of D-12](https://github.com/acme/shop/issues/12#issuecomment-1): making patches.",
  );
});
