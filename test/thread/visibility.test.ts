// A private issue whose delivery also changes a public repository: nothing of the issue, of its plan, or of other private
// repositories reaches a text that the public sees. Every private text holds a canary.
import { describe, expect, test } from "vitest";
import type { PlanDocument } from "../../src/artifacts/plan.ts";
import { BLOCKED_REASONS, FAILED_REASONS, type Reason } from "../../src/delivery/reason.ts";
import { DeliveryId, PullNumber, RepoId } from "../../src/ids.ts";
import type { StoredVerdict } from "../../src/provenance/verdict.ts";
import { isTooVisible, knowsIssue, namedIn } from "../../src/thread/audience.ts";
import type { DeliveryView, RepositoryView } from "../../src/thread/delivery-view.ts";
import { patchSetWords } from "../../src/thread/patch-set-words.ts";
import { type Publication, publicationsOf } from "../../src/thread/publications.ts";
import type { VISIBILITIES } from "../../src/visibility.ts";
import { fileChange } from "../patches/file-changes.ts";
import { VARIANTS } from "./support/variants.ts";
import {
  at,
  DONE,
  digest,
  judgedAsApproved,
  PLACE,
  PLAN,
  patchSet,
  patchSetRef,
  plan,
  repository,
  STATIONS,
  sha,
  target,
} from "./support/world.ts";

const CANARY = "canary";
const [HOME, LIB, OPEN] = [77, 79, 80].map((id) => RepoId.parse(id));
if (HOME === undefined || LIB === undefined || OPEN === undefined) throw new Error("three repositories");
const NAMES = new Map([
  [HOME, "acme/canary-shop"],
  [LIB, "acme/canary-lib"],
  [OPEN, "acme/open"],
]);
const nameOf = (id: RepoId): string => NAMES.get(id) ?? "";

const DOCUMENT: PlanDocument = {
  ...PLAN,
  title: "canary title",
  cause: "canary cause",
  change: "canary change",
  size: "canary size",
  scope: ["canary scope"],
  nonGoals: ["canary non-goal"],
  architecture: "canary architecture",
  diagram: "flowchart LR\n  canary --> canary",
  tasks: [HOME, LIB, OPEN].map((id, index) => ({
    id: `T${index + 1}`,
    title: "canary task",
    repository: nameOf(id),
    files: [id === OPEN ? "src/slug.ts" : "src/canary.ts"],
    description: "canary description",
    dependsOn: index === 0 ? ["T2", "T3"] : [],
  })),
  criteria: [{ id: "AC-1", text: "canary criterion", check: "canary check" }],
  qualityGates: ["canary gate"],
  risks: ["canary risk"],
  questions: [{ text: "canary question", changesPlan: true }],
};

const places: readonly RepositoryView[] = [HOME, LIB, OPEN].map((repoId) =>
  repository({
    repoId,
    name: nameOf(repoId),
    role: repoId === HOME ? "primary" : "secondary",
    visibility: repoId === OPEN ? "public" : "private",
    baseBranch: repoId === OPEN ? "main" : "canary-branch",
    baseSha: sha(`base${repoId}`),
  }),
);

const wordsIn = (repoId: RepoId) => {
  const assignment = { delivery: { id: DeliveryId.parse(12) }, issueNumber: 12, repos: places };
  const repo = places.find((one) => one.repoId === repoId);
  if (repo === undefined) throw new Error("no such place");
  return patchSetWords(PLACE).render({
    assignment,
    repo,
    plan: { document: DOCUMENT, digest: digest("plan1") },
    summaries: [{ task: "T1", text: "canary summary" }],
    changes: [fileChange("src/slug.ts", { before: "a\n", after: "b\n" })],
    violations: [],
  });
};

const version = (repoId: RepoId, number = 1) => {
  const made = patchSet(number, repoId);
  // Who judges reads the issue, and may quote it.
  const verdicts = [{ criterion: "AC-1", because: CANARY, verdict: "PASS" as const }];
  const ours = { ...made, judged: { verdicts, unseen: 0 }, text: { ...made.text, ...wordsIn(repoId) } };
  if (repoId === OPEN) return ours;
  return { ...ours, files: ours.files.map((file) => ({ ...file, path: "src/canary.ts", diff: "+canary\n" })) };
};

/** A head that somebody else pushed. */
const strayIn = (repoId: RepoId): StoredVerdict => {
  const difference = { path: repoId === OPEN ? "src/slug.ts" : "src/canary.ts", what: "not_approved" } as const;
  return {
    repoId,
    at: at("10:08"),
    judged: {
      kind: "head",
      commit: sha(`stray${repoId}`),
      verdict: {
        kind: "unapproved",
        base: sha("base"),
        tree: sha("tree"),
        differences: [{ ...difference, approved: null, found: null }],
        count: 1,
      },
      commits: [{ sha: sha(`stray${repoId}`), author: repoId === OPEN ? "hubot" : "canary-author" }],
      complete: true,
      people: [],
    },
  };
};

/** Any station of a delivery, with three repositories and canaries in all that is private. */
const spread = (of: DeliveryView): DeliveryView => {
  const [first] = of.state.targets;
  const subject = first?.patchSet ?? null;
  const pulls = first?.written != null;
  const number = of.patchSets.at(-1)?.version ?? 1;
  return {
    ...of,
    issue: { ...of.issue, repository: nameOf(HOME), title: "canary issue", visibility: "private" },
    state: {
      ...of.state,
      targets: [HOME, LIB, OPEN].map((repoId) =>
        target({
          ...first,
          repoId,
          role: repoId === HOME ? "primary" : "secondary",
          patchSet:
            subject === null
              ? null
              : {
                  ...subject,
                  ...patchSetRef(version(repoId, number)),
                  approved: subject.approved,
                  shown: subject.shown,
                  written: subject.written,
                },
          written:
            pulls && repoId !== LIB
              ? { head: sha(`head${repoId}`), tree: version(repoId).text.tree, pullRequest: PullNumber.parse(57) }
              : null,
        }),
      ),
    },
    repositories: places.map((one) => ({
      ...one,
      pullRequest: pulls && one.repoId !== LIB ? PullNumber.parse(57) : null,
      branch: pulls ? { name: "countersign/d-12", stands: "yes" as const } : null,
    })),
    provenance: !pulls
      ? []
      : [HOME, OPEN].flatMap((repoId) => [
          judgedAsApproved(
            repoId,
            { head: sha(`head${repoId}`), tree: version(repoId).text.tree, pullRequest: PullNumber.parse(57) },
            version(repoId, number).digest,
          ),
          strayIn(repoId),
        ]),
    plans: of.plans.map((one) => plan(one.version, DOCUMENT)),
    newestPlan: DOCUMENT,
    patchSets: of.patchSets.flatMap((one) => [HOME, LIB, OPEN].map((repoId) => version(repoId, one.version))),
    approvals: of.approvals.flatMap((one) =>
      one.kind === "plan"
        ? [one]
        : [HOME, LIB, OPEN].map((repoId) => ({ ...one, digest: version(repoId, number).digest, voided: one.voided })),
    ),
    triage: { decision: "GO", reasons: ["canary reason"] },
    blockedBy: [{ rule: "ci-files", severity: "block", path: "src/canary.ts", line: 1, message: "canary message" }],
    checks: [HOME, LIB].map((repoId) => ({
      repoId,
      name: "canary check",
      meaning: "failed",
      said: "canary",
      url: null,
    })),
    decisions: [...of.decisions, { command: "revise", login: "canary-login", at: of.createdAt }],
    facts: { ...of.facts, note: "branch_taken: canary note in acme/canary-lib" },
    settings: {
      ...of.settings,
      approvers: { users: ["canary-approver"], teams: ["acme/canary-team"] },
      labels: { plan: "canary:plan", review: "canary:review", needsHuman: "canary:needs-human" },
    },
    published: [
      ...of.published.map((one) => ({ ...one, url: `https://github.com/acme/canary-shop/issues/12#${one.id}` })),
    ],
  };
};

const REASONS = [...FAILED_REASONS, ...BLOCKED_REASONS];
const VIEWS: readonly (readonly [string, DeliveryView])[] = [
  ...Object.entries({ ...STATIONS, done: DONE, ...VARIANTS }),
  ...REASONS.map((reason: Reason): [string, DeliveryView] => [
    reason,
    {
      ...STATIONS.watching,
      state: {
        ...STATIONS.watching.state,
        reason,
        runStatus: FAILED_REASONS.some((one) => one === reason) ? "failed" : "blocked",
      },
    },
  ]),
].map(([name, view]) => [name, spread(view)]);

const DRAWN: readonly (readonly [string, readonly Publication[]])[] = VIEWS.map(([name, view]) => [
  name,
  publicationsOf(view, PLACE),
]);

const draftsIn = (drawn: readonly Publication[], repoId: RepoId): readonly Publication[] =>
  drawn.filter((one) => one.repoId === repoId);

describe("what the public sees of a private issue", () => {
  test.each(DRAWN)("has no canary: %s", (_, drawn) => {
    for (const draft of draftsIn(drawn, OPEN)) {
      expect(draft.kind).toBe("check_run");
      expect(JSON.stringify(draft)).not.toMatch(/canary/i);
      expect(JSON.stringify(draft)).not.toMatch(/issues\/12|#12\b/);
    }
  });

  test("is something, at each kind of station: a check run of the patch set, and provenance", () => {
    const keys = new Set(
      DRAWN.flatMap(([, view]) => draftsIn(view, OPEN).map(({ key }) => key.replace(/[0-9a-f]{12}$/, "HEAD"))),
    );
    expect([...keys].sort()).toEqual([
      "check:patch:acme/open:1",
      "check:patch:acme/open:2",
      "check:provenance:acme/open:HEAD",
    ]);
  });

  test("is also what is written there: commit, title and text of the pull request", () => {
    expect(JSON.stringify(wordsIn(OPEN))).not.toMatch(/canary/i);
    expect(JSON.stringify(wordsIn(OPEN))).not.toContain("#12");
    expect(version(OPEN).text.branch).toBe("countersign/d-12");
  });

  test("while the other private repository does tell, so that the canaries are alive", () => {
    const kinds = new Set(
      DRAWN.flatMap(([, view]) =>
        draftsIn(view, LIB).flatMap(({ key, ...draft }) =>
          /canary/.test(JSON.stringify(draft)) ? [key.split(":")[1]] : [],
        ),
      ),
    );
    expect([...kinds]).toContain("patch");
    expect(JSON.stringify(wordsIn(LIB))).toContain(CANARY);
    for (const [, view] of DRAWN)
      for (const one of draftsIn(view, HOME))
        if (one.kind === "comment" && one.key === "status") expect(one.body).toContain(CANARY);
  });
});

test("a check run takes its words back where a repository became public since they were chosen", () => {
  const open = spread(STATIONS.patchesReady);
  const then = { [HOME]: "private", [LIB]: "private", [OPEN]: "public" } as const;
  const patchSets = open.patchSets.map((one) => ({ ...one, visibilities: then }));
  const repositories = open.repositories.map((one) =>
    one.repoId === LIB ? { ...one, visibility: "public" as const } : one,
  );
  const runIn = (view: DeliveryView) =>
    publicationsOf(view, PLACE).find(({ key }) => key === "check:patch:acme/canary-lib:1");
  expect(JSON.stringify(runIn({ ...open, patchSets }))).toContain("canary summary");
  const now = runIn({ ...open, patchSets, repositories });
  expect(now?.kind === "check_run" && [now.draft.title, now.draft.text, now.draft.actions]).toEqual([
    "Withheld",
    "Withheld.",
    [],
  ]);
  expect(JSON.stringify(draftsIn(publicationsOf({ ...open, patchSets, repositories }, PLACE), OPEN))).toContain(
    "patch set 1",
  );
});

describe("who may know of what", () => {
  const place = (visibility: (typeof VISIBILITIES)[number], name: string) => ({ visibility, name });

  test.each([
    ["private", "private", true],
    ["private", "internal", false],
    ["private", "public", false],
    ["internal", "private", true],
    ["internal", "public", false],
    ["public", "private", true],
    ["public", "public", true],
  ] as const)("of a %s issue, a %s repository: %s", (issue, here, knows) => {
    expect(knowsIssue({ issue: { ...STATIONS.labeled.issue, visibility: issue } }, { visibility: here })).toBe(knows);
  });

  test("a repository is named where no more people see than it", () => {
    const all = [place("private", "a"), place("internal", "b"), place("public", "c")];
    const names = (index: number) => namedIn(all, all[index] ?? place("public", "")).map(({ name }) => name);
    expect([names(0), names(1), names(2)]).toEqual([["b", "c"], ["c"], []]);
  });

  test("an issue that more people see than a repository shows nothing any more", () => {
    const open = spread(STATIONS.patchesReady);
    const made = (visibility: "public" | "private"): DeliveryView => ({
      ...open,
      issue: { ...open.issue, visibility },
      repositories: open.repositories.map((one) => (one.repoId === HOME ? { ...one, visibility } : one)),
    });
    expect([isTooVisible(made("private")), isTooVisible(made("public"))]).toEqual([false, true]);
    for (const one of publicationsOf(made("public"), PLACE)) {
      if (one.repoId !== HOME || one.kind === "label" || one.kind === "reaction") continue;
      expect(one.shows).toBeNull();
      const texts =
        one.kind === "comment" ? [one.body, one.firstBody] : [one.draft.title, one.draft.summary, one.draft.text];
      for (const text of texts) expect(text ?? "").not.toMatch(/canary/);
    }
  });
});
