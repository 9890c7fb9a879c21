// One delivery as the thread sees it, at every station of its way: a small shop whose slugs drop digits.
import type { PlanDocument } from "../../../src/artifacts/plan.ts";
import type {
  Delivery,
  GateSubject,
  PatchSetRef,
  Phase,
  RunStatus,
  Target,
  Written,
} from "../../../src/delivery/delivery.ts";
import type { Reason } from "../../../src/delivery/reason.ts";
import {
  ArtifactId,
  CommentId,
  DeliveryId,
  Digest,
  InstallationId,
  IssueNumber,
  PatchSetId,
  PullNumber,
  RepoId,
  Sha,
  TraceId,
  UserId,
} from "../../../src/ids.ts";
import { type Instant, instant } from "../../../src/instant.ts";
import type { StoredVerdict } from "../../../src/provenance/verdict.ts";
import type { DeliveryView, Place, RepositoryView } from "../../../src/thread/delivery-view.ts";
import type { PatchSetView, PlanView, SinceView } from "../../../src/thread/proposal-view.ts";

export const PLACE: Place = { webUrl: "https://github.com" };

/** A point on the day of the example. */
export const at = (time: string): Instant => instant(`2026-11-21T${time}:00.000Z`);

const hex = (seed: string, length: number): string =>
  Array.from({ length }, (_, i) => ((seed.charCodeAt(i % seed.length) * 31 + i * 7) % 16).toString(16)).join("");
export const sha = (seed: string): Sha => Sha.parse(hex(seed, 40));
export const digest = (seed: string): Digest => Digest.parse(hex(seed, 64));

export const SHOP = RepoId.parse(77);
export const API = RepoId.parse(78);
export const OCTOCAT = UserId.parse(583231);

export const PLAN: PlanDocument = {
  title: "Keep digits in slugs",
  cause: "`slugify` removes every character that is not a letter, so `Area 51` and `Area 52` get one address.",
  change: "Digits are kept, and a test says so.",
  size: "about 2 files, 20 lines",
  scope: ["`slugify` and its tests"],
  nonGoals: ["Addresses that exist already: they stay as they are"],
  architecture:
    "One regular expression in `src/slug.ts` gets `0-9`.\n\n- no new dependency\n- no change of the public interface",
  diagram: null,
  tasks: [
    {
      id: "T1",
      title: "Keep digits in `slugify`",
      repository: "acme/shop",
      files: ["src/slug.ts"],
      description: "Extend the character class in `slugify` by `0-9`.",
      dependsOn: [],
    },
    {
      id: "T2",
      title: "Say so in a test",
      repository: "acme/shop",
      files: ["test/slug.test.ts"],
      description: "Add a case with digits at the start, in the middle and at the end.",
      dependsOn: ["T1"],
    },
  ],
  criteria: [
    { id: "AC-1", text: "`slugify('Area 51')` is `area-51`.", check: "the new test in `test/slug.test.ts`" },
    { id: "AC-2", text: "Slugs without digits stay as they are.", check: "the tests that are there" },
  ],
  qualityGates: ["the whole test suite"],
  risks: ["Pages whose address had lost its digits get a new one when they are saved again."],
  questions: [],
};

export const plan = (version = 1, document: PlanDocument = PLAN): PlanView => ({
  id: ArtifactId.parse(10 + version),
  version,
  digest: digest(`plan${version}`),
  document,
  madeAt: at(version === 1 ? "09:40" : "10:20"),
  commentsUnused: 0,
  forecast: { tokens: 38_412, micros: 91_000, most: false },
});

const DIFF = `diff --git a/src/slug.ts b/src/slug.ts
index ${sha("old")}..${sha("new")} 100644
--- a/src/slug.ts
+++ b/src/slug.ts
@@ -1,5 +1,5 @@
 export const slugify = (title: string): string =>
   title
     .toLowerCase()
-    .replace(/[^a-z]+/g, "-")
+    .replace(/[^a-z0-9]+/g, "-")
     .replace(/^-|-$/g, "");
`;

const TEST_DIFF = `diff --git a/test/slug.test.ts b/test/slug.test.ts
index ${sha("told")}..${sha("tnew")} 100644
--- a/test/slug.test.ts
+++ b/test/slug.test.ts
@@ -3,3 +3,7 @@
 test("words are joined", () => {
   assert.equal(slugify("Red Shoes"), "red-shoes");
 });
+
+test("digits are kept", () => {
+  assert.equal(slugify("Area 51"), "area-51");
+});
`;

const SINCE: SinceView = {
  version: 1,
  baseSha: sha("base"),
  delta: {
    stands: "same_base",
    files: [
      {
        path: "src/slug.ts",
        how: "different",
        diff: `diff --git a/src/slug.ts b/src/slug.ts
index ${sha("new")}..${sha("newer")} 100644
--- a/src/slug.ts
+++ b/src/slug.ts
@@ -1,5 +1,5 @@
 export const slugify = (title: string): string =>
   title
     .toLowerCase()
-    .replace(/[^a-z0-9]+/g, "-")
+    .replace(/[^a-z\\d]+/g, "-")
     .replace(/^-|-$/g, "");
`,
      },
      { path: "test/slug.test.ts", how: "same", diff: "" },
    ],
    texts: [],
  },
};

export const patchSet = (version = 1, repoId: RepoId = SHOP): PatchSetView => ({
  id: PatchSetId.parse(100 * repoId + version),
  repoId,
  version,
  digest: digest(`patch${repoId}v${version}`),
  madeAt: at(version === 1 ? "09:58" : "10:30"),
  commentsUnused: 0,
  text: {
    baseSha: sha("base"),
    parentSha: sha("base"),
    tree: sha(`tree${repoId}${version}`),
    branch: "countersign/d-12",
    commitHeadline: "Keep digits in slugs",
    commitBody: "slugify removes every character that is not a letter.",
    pullTitle: "Keep digits in slugs",
    pullBody: "Closes #12\n\n## What and why\n\nDigits are kept.",
    planDigest: digest("plan1"),
    policyVersion: "policy-1",
  },
  files: [
    {
      kind: "modify",
      path: "src/slug.ts",
      previousPath: null,
      oldBlob: sha("old"),
      newBlob: sha(version === 1 ? "new" : "newer"),
      oldMode: "100644",
      newMode: "100644",
      additions: 1,
      deletions: 1,
      tasks: ["T1"],
      diff: DIFF,
    },
    {
      kind: "modify",
      path: "test/slug.test.ts",
      previousPath: null,
      oldBlob: sha("told"),
      newBlob: sha("tnew"),
      oldMode: "100644",
      newMode: "100644",
      additions: 4,
      deletions: 0,
      tasks: ["T2"],
      diff: TEST_DIFF,
    },
  ],
  violations: [],
  judged: null,
  written: false,
  since: version === 1 ? null : SINCE,
  visibilities: {},
});

export const WRITTEN_PATCH_SET: PatchSetView = { ...patchSet(), written: true };

export const repository = (rest: Partial<RepositoryView> = {}): RepositoryView => ({
  repoId: SHOP,
  installationId: InstallationId.parse(777),
  name: "acme/shop",
  visibility: "private",
  role: "primary",
  baseBranch: "main",
  baseSha: sha("base"),
  pullRequest: null,
  branch: null,
  ...rest,
});

export const shown = (time: string, comment = 9001) => ({ at: at(time), commentId: CommentId.parse(comment) });

export const subject = (of: Pick<PlanView, "version" | "digest">, rest: Partial<GateSubject> = {}): GateSubject => ({
  version: of.version,
  digest: of.digest,
  shown: null,
  approvals: [],
  approved: false,
  ...rest,
});

export const patchSetRef = (of: PatchSetView, rest: Partial<PatchSetRef> = {}): PatchSetRef => ({
  ...subject(of),
  id: of.id,
  written: false,
  ...rest,
});

export const target = (rest: Partial<Target> = {}): Target => ({
  repoId: SHOP,
  role: "primary",
  patchSet: null,
  written: null,
  strayHead: null,
  landed: "no",
  ...rest,
});

export const state = (phase: Phase, runStatus: RunStatus, rest: Partial<Delivery> = {}): Delivery => ({
  id: DeliveryId.parse(12),
  phase,
  runStatus,
  reason: null,
  holds: [],
  exitPhase: "verify",
  version: 5,
  attempt: 2,
  revisionsLeft: 5,
  fixesLeft: 0,
  restartsLeft: 20,
  plan: null,
  targets: [target()],
  ship: null,
  retired: [],
  ...rest,
});

/** Our own commit, found to be what was approved. */
export const judgedAsApproved = (repoId: RepoId, { head, tree }: Written, digest: Digest): StoredVerdict => ({
  repoId,
  judged: {
    kind: "head",
    commit: head,
    verdict: { kind: "approved", by: { kind: "patchset", digest, head }, base: sha("base"), tree },
    commits: [],
    complete: true,
    people: [],
  },
  at: at("10:06"),
});

/** What the runs used, of the default budget. */
const budgetOf = (runs: DeliveryView["runs"]): DeliveryView["budget"] => ({
  spent: runs.reduce(
    (sum, { inputTokens, outputTokens, costMicros, durationMs }) => ({
      tokens: sum.tokens + inputTokens + outputTokens,
      micros: sum.micros + (costMicros ?? 0),
      ms: sum.ms + durationMs,
      lost: 0,
      estimated: 0,
    }),
    { tokens: 0, micros: 0, ms: 0, lost: 0, estimated: 0 },
  ),
  limits: { tokens: 200_000, micros: null, ms: null },
  over: null,
});

export const view = (of: Delivery, rest: Partial<DeliveryView> = {}): DeliveryView => ({
  id: of.id,
  state: of,
  issue: {
    repoId: SHOP,
    repository: "acme/shop",
    number: IssueNumber.parse(12),
    title: "Slugs drop digits",
    visibility: "private",
  },
  requester: "octocat",
  requesterId: OCTOCAT,
  traceId: TraceId.parse(hex("trace", 32)),
  createdAt: at("09:38"),
  endedAt: null,
  deadlineAt: null,
  remindedAt: null,
  budget: budgetOf(rest.runs ?? []),
  settings: {
    approvers: { users: ["octocat", "mona"], teams: [] },
    gateApprovers: {},
    requester: "counts",
    quorum: { plan: 1, review: 1 },
    prefix: null,
    showCost: false,
    labels: { plan: "countersign:plan", review: "countersign:review", needsHuman: "countersign:needs-human" },
    checkProposals: true,
    configured: true,
  },
  repositories: [repository()],
  triage: { decision: "GO", reasons: ["A defect with a clear cause."] },
  plans: [],
  newestPlan: null,
  summary: { words: null },
  withheld: { secrets: 0, hiddenParts: 0, hiddenCharacters: 0 },
  patchSets: [],
  blockedBy: [],
  checks: null,
  criteria: null,
  provenance: of.targets.flatMap(({ repoId, written, patchSet }) =>
    written === null || patchSet === null ? [] : [judgedAsApproved(repoId, written, patchSet.digest)],
  ),
  approvals: [],
  decisions: [],
  stays: [],
  runs: [],
  holds: [],
  facts: {
    note: null,
    since: at("09:41"),
    issueEdited: false,
    triggerRepeated: false,
    overdue: false,
    paused: null,
    baseMoved: [],
  },
  ledger: { entries: 14, head: digest("head") },
  ledgerAtWrite: { entries: 21, head: digest("write") },
  ledgerAtEnd: { entries: 27, head: digest("end") },
  published: [],
  ...rest,
});

const run = (role: string, tokens: number, costMicros: number | null = 30_000) => ({
  role,
  model: "gpt-5.2",
  inputTokens: tokens,
  outputTokens: Math.round(tokens / 10),
  costMicros,
  durationMs: tokens * 4,
  outcome: "succeeded",
  contextHash: digest("context"),
  constraintHash: digest("constraint"),
});

const url = (comment: number) => `https://github.com/acme/shop/issues/12#issuecomment-${comment}`;
export const PUBLISHED = [
  { key: "status", id: 9000, url: url(9000) },
  { key: "check:plan:1", id: 501, url: "https://github.com/acme/shop/runs/501" },
  { key: "plan:1", id: 9001, url: url(9001) },
] as const;
const PATCH_PUBLISHED = [
  ...PUBLISHED,
  { key: "check:patch:acme/shop:1", id: 502, url: "https://github.com/acme/shop/runs/502" },
  { key: "patch:acme/shop:1", id: 9002, url: url(9002) },
] as const;

const approval = (kind: string, of: { digest: Digest }, time: string) => ({
  kind,
  digest: of.digest,
  login: "octocat",
  at: at(time),
  voided: null,
});
const decision = (command: string, time: string, ...approved: readonly { kind: string; digest: Digest }[]) => ({
  command,
  login: "octocat",
  at: at(time),
  approved,
});
const planApproval = { kind: "plan", digest: plan().digest };
const patchApproval = { kind: "patchset", digest: patchSet().digest };
const stay = (phase: Phase, from: string, to: string | null) => ({
  phase,
  enteredAt: at(from),
  leftAt: to === null ? null : at(to),
  endedAs: to === null ? null : ("succeeded" as const),
  reason: null,
});

const approvedPlan = subject(plan(), { shown: shown("09:41"), approvals: [OCTOCAT], approved: true });
const approvedPatch = patchSetRef(patchSet(), { shown: shown("09:59", 9002), approvals: [OCTOCAT], approved: true });
const written = { head: sha("head"), tree: patchSet().text.tree, pullRequest: PullNumber.parse(57) };

/** The way of a normal delivery, station by station. */
export const STATIONS = {
  labeled: view(state("intake", "pending"), { stays: [stay("intake", "09:38", null)] }),

  planReady: view(state("plan", "succeeded", { plan: subject(plan(), { shown: shown("09:41") }) }), {
    plans: [plan()],
    newestPlan: PLAN,
    stays: [stay("intake", "09:38", "09:39"), stay("plan", "09:39", null)],
    runs: [run("triage", 2_100), run("planner", 9_400)],
    published: [...PUBLISHED],
  }),

  planApproved: view(state("implement", "running", { plan: approvedPlan }), {
    plans: [plan()],
    newestPlan: PLAN,
    approvals: [approval("plan", plan(), "09:52")],
    decisions: [decision("approve", "09:52", planApproval)],
    stays: [stay("intake", "09:38", "09:39"), stay("plan", "09:39", "09:52"), stay("implement", "09:52", null)],
    runs: [run("triage", 2_100), run("planner", 9_400)],
    published: [...PUBLISHED],
  }),

  patchesReady: view(
    state("review", "succeeded", {
      plan: approvedPlan,
      targets: [target({ patchSet: patchSetRef(patchSet(), { shown: shown("09:59", 9002) }) })],
    }),
    {
      plans: [plan()],
      newestPlan: PLAN,
      patchSets: [patchSet()],
      approvals: [approval("plan", plan(), "09:52")],
      decisions: [decision("approve", "09:52", planApproval)],
      stays: [
        stay("intake", "09:38", "09:39"),
        stay("plan", "09:39", "09:52"),
        stay("implement", "09:52", "09:58"),
        stay("review", "09:58", null),
      ],
      runs: [run("triage", 2_100), run("planner", 9_400), run("proposer", 14_000)],
      facts: {
        note: null,
        since: at("09:59"),
        issueEdited: false,
        triggerRepeated: false,
        overdue: false,
        paused: null,
        baseMoved: [],
      },
      published: [...PATCH_PUBLISHED],
    },
  ),

  watching: view(
    state("verify", "running", {
      plan: approvedPlan,
      targets: [target({ patchSet: { ...approvedPatch, written: true }, written })],
    }),
    {
      repositories: [
        repository({ pullRequest: PullNumber.parse(57), branch: { name: "countersign/d-12", stands: "yes" } }),
      ],
      plans: [plan()],
      newestPlan: PLAN,
      patchSets: [WRITTEN_PATCH_SET],
      approvals: [approval("plan", plan(), "09:52"), approval("patchset", patchSet(), "10:02")],
      decisions: [decision("approve", "09:52", planApproval), decision("approve", "10:02", patchApproval)],
      stays: [
        stay("intake", "09:38", "09:39"),
        stay("plan", "09:39", "09:52"),
        stay("implement", "09:52", "09:58"),
        stay("review", "09:58", "10:02"),
        stay("verify", "10:02", null),
      ],
      runs: [run("triage", 2_100), run("planner", 9_400), run("proposer", 14_000)],
      facts: {
        note: null,
        since: at("10:03"),
        issueEdited: false,
        triggerRepeated: false,
        overdue: false,
        paused: null,
        baseMoved: [],
      },
      published: [...PATCH_PUBLISHED],
    },
  ),
} as const;

/** Ended as it was asked to: a green pull request. */
export const DONE: DeliveryView = {
  ...STATIONS.watching,
  state: { ...STATIONS.watching.state, phase: "close", runStatus: "succeeded" },
  endedAt: at("10:09"),
  checks: ["build", "lint", "test (20)", "test (24)"].map((name) => ({
    repoId: SHOP,
    name,
    meaning: "passed",
    said: "success",
    url: null,
  })),
  criteria: [
    {
      id: "AC-1",
      proof: {
        kind: "test",
        repoId: SHOP,
        test: "keeps digits",
        name: "test (20)",
        url: "https://github.com/acme/shop/runs/77",
      },
      lacks: null,
      accepted: null,
    },
    { id: "AC-2", proof: null, lacks: { kind: "person" }, accepted: { login: "octocat", at: at("10:08") } },
  ],
  stays: [
    stay("intake", "09:38", "09:39"),
    stay("plan", "09:39", "09:52"),
    stay("implement", "09:52", "09:58"),
    stay("review", "09:58", "10:02"),
    stay("verify", "10:02", "10:09"),
    stay("close", "10:09", "10:09"),
  ],
  published: [...STATIONS.watching.published, { key: "result", id: 9003, url: url(9003) }],
};

/** A delivery that stands still for a reason. */
export const stopped = (
  phase: Phase,
  runStatus: "failed" | "blocked",
  reason: Reason,
  rest: Partial<DeliveryView> = {},
): DeliveryView => {
  const from =
    phase === "verify" || phase === "deploy" || phase === "observe" ? STATIONS.watching : STATIONS.planApproved;
  return { ...from, state: { ...from.state, phase, runStatus, reason }, ...rest };
};
