// Deliveries that leave the straight way: quorums, holds, revisions, cancels, several repositories, long texts, public places.
import type { CriterionVerdict } from "../../../src/artifacts/qa-report.ts";
import type { Phase } from "../../../src/delivery/delivery.ts";
import type { Reason } from "../../../src/delivery/reason.ts";
import { DeliveryId, IssueNumber, PullNumber, UserId } from "../../../src/ids.ts";
import type { DeliveryView, RepositoryView } from "../../../src/thread/delivery-view.ts";
import type { SinceView } from "../../../src/thread/proposal-view.ts";
import {
  API,
  at,
  DONE,
  digest,
  judgedAsApproved,
  OCTOCAT,
  PLAN,
  PUBLISHED,
  patchSet,
  patchSetRef,
  plan,
  repository,
  SHOP,
  STATIONS,
  sha,
  shown,
  state,
  stopped,
  subject,
  target,
  view,
  WRITTEN_PATCH_SET,
} from "./world.ts";

/** The phase in which each reason comes up. */
export const PLACES_OF_REASONS: Readonly<Partial<Record<Reason, Phase>>> = {
  rejected: "implement",
  effect_dead: "implement",
  plan_incomplete: "plan",
  model_unusable: "plan",
  regressed: "observe",
  rollback_ended: "observe",
  no_go: "intake",
  defer: "intake",
  questions: "plan",
  policy: "implement",
  qa_failed: "implement",
  revisions_spent: "review",
  budget: "plan",
  endpoint: "plan",
  injection: "plan",
  not_ready: "deploy",
  partial_merge: "observe",
  rolling_back: "observe",
};

/** The second stands on the first, which is written. */
const ON_TOP: SinceView = { version: 1, baseSha: sha("base"), delta: { stands: "on_top", files: [], texts: [] } };

const { planReady, planApproved, patchesReady, watching } = STATIONS;

const JUDGED: readonly CriterionVerdict[] = PLAN.criteria.map(({ id }, n) => ({
  criterion: id,
  because:
    n === 0 ? "`slug()` in `src/slug.ts` now asks @octocat first." : "A test of it stands in `test/slug.test.ts`.",
  verdict: "PASS",
}));

const withSettings = (of: DeliveryView, settings: Partial<DeliveryView["settings"]>): DeliveryView => ({
  ...of,
  settings: { ...of.settings, ...settings },
});

const twoPlans = view(
  state("plan", "succeeded", {
    plan: subject(plan(2), { shown: shown("10:21", 9010) }),
    retired: [{ digest: plan(1).digest, as: "replaced" }],
  }),
  {
    ...planReady,
    state: state("plan", "succeeded", {
      plan: subject(plan(2), { shown: shown("10:21", 9010) }),
      retired: [{ digest: plan(1).digest, as: "replaced" }],
    }),
    plans: [plan(1), { ...plan(2), commentsUnused: 4 }],
    decisions: [{ command: "revise", login: "mona", at: at("10:10") }],
    facts: { ...planReady.facts, since: at("10:21"), issueEdited: true },
    published: [
      ...PUBLISHED,
      { key: "plan:2", id: 9010, url: "https://github.com/acme/shop/issues/12#issuecomment-9010" },
    ],
  },
);

const lines = (count: number): string =>
  Array.from({ length: count }, (_, i) => `+const value${i} = "${"x".repeat(80)}";`).join("\n");

/** Three files that need all three places. */
const longPatchSet = () => {
  const one = patchSet();
  const [file] = one.files;
  if (file === undefined) throw new Error("the patch set has no file");
  const files = ["src/a.ts", "src/b.ts", "src/c.ts"].map((path) => ({
    ...file,
    path,
    additions: 400,
    deletions: 0,
    diff: `diff --git a/${path} b/${path}\n@@ -0,0 +1,400 @@\n${lines(400)}\n`,
  }));
  return { ...one, files };
};

const ofLong = longPatchSet();

const api = repository({ repoId: API, name: "acme/api", role: "secondary", baseSha: sha("apibase") });
const ofApi = patchSet(1, API);

/** The shop's second task is done in acme/api, and the first stands on it. */
const planOfTwo = plan(1, {
  ...PLAN,
  tasks: PLAN.tasks.map((task) => ({
    ...task,
    repository: task.id === "T2" ? "acme/api" : task.repository,
    dependsOn: task.id === "T1" ? ["T2"] : [],
  })),
});

const published = (key: string, id: number) => ({
  key,
  id,
  url: `https://github.com/acme/shop/issues/12#issuecomment-${id}`,
});

type Half = Readonly<{ approved: boolean; written: boolean }>;

/** Where both repositories stand; what is written has a pull request, #57 in the shop and #8 in the API. */
const inTwo = (of: DeliveryView, shop: Half, other: Half, rest: Partial<DeliveryView["state"]> = {}): DeliveryView => {
  const part = (repoId: typeof SHOP, { approved, written }: Half) => {
    const version = patchSet(1, repoId);
    const pullRequest = PullNumber.parse(repoId === SHOP ? 57 : 8);
    return target({
      repoId,
      role: repoId === SHOP ? "primary" : "secondary",
      patchSet: {
        ...patchSetRef(version, { shown: shown("09:59", repoId === SHOP ? 9002 : 9004) }),
        approved,
        approvals: approved ? [OCTOCAT] : [],
        written,
      },
      written: written ? { head: sha(`head${repoId}`), tree: version.text.tree, pullRequest } : null,
    });
  };
  const place = (one: RepositoryView, { written }: Half): RepositoryView =>
    written
      ? {
          ...one,
          pullRequest: PullNumber.parse(one.repoId === SHOP ? 57 : 8),
          branch: { name: "countersign/d-12", stands: "yes" },
        }
      : one;
  const approval = (repoId: typeof SHOP) => ({
    kind: "patchset",
    digest: patchSet(1, repoId).digest,
    login: "octocat",
    at: at("10:02"),
    voided: null,
  });
  const targets = [part(SHOP, shop), part(API, other)];
  return {
    ...of,
    state: { ...of.state, ...rest, targets },
    provenance: targets.flatMap(({ repoId, written, patchSet: ref }) =>
      written === null || ref === null ? [] : [judgedAsApproved(repoId, written, ref.digest)],
    ),
    repositories: [place(repository(), shop), place(api, other)],
    plans: [planOfTwo],
    newestPlan: planOfTwo.document,
    patchSets: [
      { ...patchSet(), written: shop.written },
      { ...ofApi, written: other.written },
    ],
    approvals: [
      ...of.approvals.filter(({ kind }) => kind === "plan"),
      ...(shop.approved ? [approval(SHOP)] : []),
      ...(other.approved ? [approval(API)] : []),
    ],
    published: [
      ...PUBLISHED,
      published("patch:acme/shop:1", 9002),
      published("patch:acme/api:1", 9004),
      { key: "check:patch:acme/api:1", id: 504, url: "https://github.com/acme/api/runs/504" },
    ],
  };
};

const WAITS: Half = { approved: false, written: false };
const APPROVED: Half = { approved: true, written: false };
const WRITTEN: Half = { approved: true, written: true };

const passed = (repoId: typeof SHOP, name: string) => ({
  repoId,
  name,
  meaning: "passed" as const,
  said: "success",
  url: null,
});

/** acme/api is public, and the issue is not. */
const isPublic = (view: DeliveryView): DeliveryView => ({
  ...view,
  repositories: view.repositories.map((one) => (one.repoId === API ? { ...one, visibility: "public" } : one)),
});

/** The patches wait for owners of their paths; one who is no approver has approved. */
const ownersAsked = (...groups: readonly [path: string, count: number, named: string[]][]): DeliveryView => {
  const lisa = UserId.parse(9);
  const paths = groups.map(([path, count, named]) => ({
    path,
    count,
    named,
    unknown: named.filter((name) => !name.startsWith("@")),
    approvedBy: named.includes("@lisa") ? [lisa] : [],
  }));
  return {
    ...patchesReady,
    state: {
      ...patchesReady.state,
      targets: patchesReady.state.targets.map((target) => ({
        ...target,
        patchSet: target.patchSet && { ...target.patchSet, approvals: [lisa], owners: { paths, pathsOnly: [lisa] } },
      })),
    },
    approvals: [
      ...patchesReady.approvals,
      { kind: "patchset", digest: patchSet().digest, login: "lisa", at: at("10:05"), voided: null },
    ],
  };
};

export const VARIANTS = {
  quorumOfTwo: withSettings(
    {
      ...planReady,
      state: { ...planReady.state, plan: subject(plan(), { shown: shown("09:41"), approvals: [UserId.parse(1)] }) },
      approvals: [{ kind: "plan", digest: plan().digest, login: "octocat", at: at("09:50"), voided: null }],
    },
    { quorum: { plan: 2, review: 2 } },
  ),

  requesterNotAlone: withSettings(
    {
      ...planReady,
      requesterId: OCTOCAT,
      state: { ...planReady.state, plan: subject(plan(), { shown: shown("09:41"), approvals: [OCTOCAT] }) },
      approvals: [{ kind: "plan", digest: plan().digest, login: "octocat", at: at("09:50"), voided: null }],
    },
    { requester: "not_alone" },
  ),

  ownersMissing: withSettings(
    ownersAsked(["src/slug.ts", 1, ["@acme/web", "docs@acme.example"]], ["test/slug.test.ts", 3, ["@lisa"]]),
    {
      gateApprovers: { review: { users: ["octocat", "mona", "id 7777"], teams: [] } },
    },
  ),

  withPrefixAndNobodyNamed: withSettings(planReady, { prefix: "cs", approvers: null, configured: false }),

  publicRepository: {
    ...planReady,
    issue: { ...planReady.issue, visibility: "public" as const },
    repositories: [repository({ visibility: "public" })],
  },

  commandUnheard: { ...planReady, facts: { ...planReady.facts, unheard: [{ login: "octocat", at: at("09:44") }] } },
  commandsUnheard: {
    ...planReady,
    facts: {
      ...planReady.facts,
      unheard: [
        { login: "mona", at: at("09:40") },
        { login: "octocat", at: at("09:44") },
        { login: "octocat", at: at("09:45") },
        { login: "mona", at: at("09:46") },
      ],
    },
  },
  notCompared: { ...planReady, facts: { ...planReady.facts, unsettledSince: at("09:44") } },
  eventsLost: { ...planReady, facts: { ...planReady.facts, lost: { count: 2, last: at("09:44") } } },

  onHold: {
    ...planReady,
    state: { ...planReady.state, holds: ["hold" as const] },
    holds: [{ hold: "hold" as const, since: at("09:45"), login: "mona" }],
  },

  revised: {
    ...planReady,
    state: {
      ...planReady.state,
      runStatus: "running" as const,
      plan: null,
      retired: [{ digest: plan().digest, as: "replaced" }],
    },
    decisions: [{ command: "revise", login: "mona", at: at("09:50") }],
  },

  replaced: twoPlans,

  rejected: {
    ...planApproved,
    state: {
      ...planApproved.state,
      phase: "intake" as const,
      runStatus: "failed" as const,
      reason: "rejected" as const,
      plan: null,
      retired: [{ digest: plan().digest, as: "replaced" }],
    },
    approvals: [],
    decisions: [{ command: "reject", login: "mona", at: at("09:50") }],
    facts: { ...planApproved.facts, note: "the helper exists already" },
  },

  modelDown: {
    ...planApproved,
    facts: { ...planApproved.facts, paused: { tries: 3, last: at("10:14") } },
  },

  canceledAtThePlan: {
    ...planReady,
    state: { ...planReady.state, runStatus: "canceled" as const, reason: "by_command" as const },
    endedAt: at("09:55"),
    decisions: [{ command: "cancel", login: "mona", at: at("09:55") }],
  },

  canceledWithPullRequest: {
    ...watching,
    state: { ...watching.state, runStatus: "canceled" as const, reason: "by_command" as const },
    endedAt: at("10:14"),
    decisions: [...watching.decisions, { command: "cancel", login: "octocat", at: at("10:14") }],
  },

  overdue: {
    ...planReady,
    remindedAt: at("12:00"),
    deadlineAt: null,
    facts: { ...planReady.facts, overdue: true },
  },

  reminded: { ...planReady, remindedAt: at("12:00"), deadlineAt: at("15:00") },

  labelPutOnAgain: { ...planReady, facts: { ...planReady.facts, triggerRepeated: true } },

  secondVersion: {
    ...patchesReady,
    state: state("review", "succeeded", {
      plan: patchesReady.state.plan,
      targets: [target({ patchSet: patchSetRef(patchSet(2), { shown: shown("10:31", 9020) }) })],
      retired: [{ digest: patchSet(1).digest, as: "replaced" }],
    }),
    patchSets: [patchSet(1), patchSet(2)],
    decisions: [...patchesReady.decisions, { command: "revise", login: "mona", at: at("10:05") }],
  },

  withWarnings: {
    ...patchesReady,
    patchSets: [
      {
        ...patchSet(),
        violations: [
          {
            rule: "look-alikes",
            severity: "warn" as const,
            path: "src/slug.ts",
            line: 3,
            message: "A word of two alphabets; ask @octocat.",
          },
        ],
      },
    ],
  },

  judged: { ...patchesReady, patchSets: [{ ...patchSet(), judged: { verdicts: JUDGED, unseen: 0 } }] },
  judgedWithoutSome: { ...patchesReady, patchSets: [{ ...patchSet(), judged: { verdicts: JUDGED, unseen: 2 } }] },
  judgedInPart: {
    ...patchesReady,
    patchSets: [
      {
        ...patchSet(),
        judged: {
          verdicts: JUDGED.map((one, at) => (at === 0 ? one : { ...one, verdict: "NOT_HERE" as const })),
          unseen: 1,
        },
      },
    ],
  },
  judgedByNobody: { ...patchesReady, patchSets: [{ ...patchSet(), judged: { verdicts: [], unseen: 0 } }] },

  shownAgain: {
    ...patchesReady,
    state: {
      ...patchesReady.state,
      targets: patchesReady.state.targets.map((target) => ({
        ...target,
        patchSet: target.patchSet === null ? null : { ...target.patchSet, again: true as const },
      })),
    },
  },

  approvedByCode: {
    ...patchesReady,
    state: {
      ...patchesReady.state,
      targets: patchesReady.state.targets.map((target) => ({
        ...target,
        patchSet: target.patchSet === null ? null : { ...target.patchSet, quote: true as const },
      })),
    },
    patchSets: [
      {
        ...patchSet(),
        violations: [
          {
            rule: "build-scripts",
            severity: "warn" as const,
            path: "Dockerfile",
            line: 3,
            message: "Changes how the image is built; ask @octocat.",
          },
        ],
      },
    ],
  },

  twoRepositories: inTwo(patchesReady, WAITS, WAITS),

  twoRepositoriesOneApproved: inTwo(patchesReady, APPROVED, WAITS),

  twoRepositoriesWrittenInPart: {
    ...inTwo(stopped("verify", "blocked", "write_refused"), WRITTEN, APPROVED, { phase: "verify" }),
    facts: {
      ...watching.facts,
      note: "branch_taken: in acme/api: the branch countersign/d-12 stands at 4be1c02, which is not ours. Opened: acme/shop#57. Not opened: acme/api.",
    },
  },

  twoRepositoriesWatched: inTwo(watching, WRITTEN, WRITTEN),

  twoRepositoriesOneRed: {
    ...inTwo(stopped("verify", "failed", "ci_red"), WRITTEN, WRITTEN),
    checks: [passed(SHOP, "test"), { repoId: API, name: "test", meaning: "failed", said: "failure", url: null }],
  },

  twoRepositoriesDone: {
    ...inTwo(DONE, WRITTEN, WRITTEN),
    checks: [passed(SHOP, "test"), passed(API, "test")],
  },

  twoRepositoriesCanceled: {
    ...inTwo(watching, WRITTEN, APPROVED),
    state: {
      ...inTwo(watching, WRITTEN, APPROVED).state,
      runStatus: "canceled",
      reason: "by_command",
    },
    endedAt: at("10:14"),
    decisions: [...watching.decisions, { command: "cancel", login: "octocat", at: at("10:14") }],
  },

  publicSecondary: isPublic(inTwo(patchesReady, WAITS, WAITS)),

  publicSecondaryWatched: isPublic(inTwo(watching, WRITTEN, WRITTEN)),

  /** The issue's repository was made public while acme/api is not. */
  tooVisible: {
    ...inTwo(patchesReady, WAITS, WAITS),
    issue: { ...patchesReady.issue, visibility: "public" },
    repositories: [repository({ visibility: "public" }), api],
    published: [
      ...inTwo(patchesReady, WAITS, WAITS).published,
      { key: "check:patch:acme/shop:1", id: 502, url: "https://github.com/acme/shop/runs/502" },
    ],
  },

  planWithLongWords: {
    ...planReady,
    plans: [
      plan(1, {
        ...PLAN,
        cause: `Because ${"of this and of that ".repeat(60)}.`,
        architecture: "It grows.",
        diagram: "flowchart LR\n  slug[slugify] --> page[Page address]",
        questions: [{ text: "Is a slug without digits ever wanted?", changesPlan: false }],
      }),
    ],
  },

  manyApprovers: withSettings(planReady, {
    approvers: { users: Array.from({ length: 30 }, (_, i) => `approver-number-${i + 1}`), teams: ["acme/core"] },
  }),

  checksFailed: stopped("verify", "failed", "ci_red", {
    checks: [
      { repoId: SHOP, name: "test (20)", meaning: "failed", said: "failure", url: null },
      { repoId: SHOP, name: "lint", meaning: "passed", said: "success", url: null },
      { repoId: SHOP, name: "build", meaning: "passed", said: "success", url: null },
    ],
    facts: { ...watching.facts, since: at("10:08") },
  }),

  checksHeld: {
    ...watching,
    checks: [{ repoId: SHOP, name: "test", meaning: "held" as const, said: "action_required", url: null }],
  },

  reworded: { ...watching, reworded: [{ repoId: SHOP, what: ["title", "text"] as const }] },

  checkMissing: {
    ...watching,
    checks: [
      { repoId: SHOP, name: "build", meaning: "waiting" as const, said: "missing", url: null },
      { repoId: SHOP, name: "test", meaning: "passed" as const, said: "success", url: null, reruns: 1 },
      { repoId: SHOP, name: "lint", meaning: "no_opinion" as const, said: "skipped", url: null },
    ],
  },

  stoppedByPolicy: stopped("implement", "blocked", "policy", {
    blockedBy: [
      {
        rule: "ci-files",
        severity: "block",
        path: ".github/workflows/test.yml",
        line: 12,
        message: "CI files are not changed by a delivery.",
      },
    ],
  }),

  wentOnAfterPolicy: {
    ...planApproved,
    published: [
      ...planApproved.published,
      { key: "note:implement:2:policy", id: 9030, url: "https://github.com/acme/shop/issues/12#issuecomment-9030" },
    ],
  },

  questions: stopped("plan", "blocked", "questions", {
    newestPlan: {
      ...PLAN,
      questions: [
        { text: "Shall old addresses redirect?", changesPlan: true },
        { text: "Is `ß` a letter here?", changesPlan: false },
      ],
    },
  }),

  unapprovedHead: stopped("verify", "blocked", "unapproved_head", {
    state: {
      ...watching.state,
      runStatus: "blocked",
      reason: "unapproved_head",
      targets: watching.state.targets.map((one) => ({
        ...one,
        strayHead: {
          head: sha("stray"),
          version: 1,
          digest: digest("stray"),
          shown: null,
          approvals: [],
          approved: false,
        },
      })),
    },
    provenance: [
      ...watching.provenance,
      {
        repoId: SHOP,
        judged: {
          kind: "head",
          commit: sha("stray"),
          verdict: {
            kind: "unapproved",
            base: sha("base"),
            tree: sha("stray tree"),
            differences: [
              {
                path: "src/slug.ts",
                what: "content",
                approved: { mode: "100644", sha: sha("approved") },
                found: { mode: "100644", sha: sha("found") },
              },
              { path: "src/`odd`\u202e.ts", what: "not_approved", approved: null, found: null },
            ],
            count: 3,
          },
          commits: [{ sha: sha("stray"), author: "@hubot" }],
          complete: true,
          people: [],
        },
        at: at("10:20"),
      },
    ],
  }),

  endsWithThePlan: {
    ...planReady,
    state: { ...planReady.state, exitPhase: "plan" as const },
  },

  doneAtThePlan: {
    ...planApproved,
    state: {
      ...planApproved.state,
      phase: "close" as const,
      runStatus: "succeeded" as const,
      exitPhase: "plan" as const,
    },
    endedAt: at("09:53"),
  },

  /** What is said on the issue now is said to the other one. */
  rollingBack: stopped("observe", "blocked", "rolling_back", {
    undoneBy: { id: DeliveryId.parse(13), url: null, stands: "live" },
  }),

  /** What undoes it has landed, and its end is being published: its first words are its last. */
  endsRolledBack: {
    ...DONE,
    state: {
      ...DONE.state,
      runStatus: "running" as const,
      exitPhase: "observe" as const,
      targets: DONE.state.targets.map((one) => ({ ...one, landed: "reverted" as const })),
    },
    undoneBy: { id: DeliveryId.parse(13), url: null, stands: "landed" as const },
  },

  fixOfAPullRequest: {
    ...patchesReady,
    issue: { ...patchesReady.issue, number: IssueNumber.parse(12) },
    repositories: [
      repository({ pullRequest: PullNumber.parse(57), branch: { name: "countersign/d-12", stands: "yes" } }),
    ],
    state: state("review", "succeeded", {
      plan: patchesReady.state.plan,
      targets: [
        target({
          patchSet: patchSetRef(patchSet(2), { shown: shown("10:31", 9020) }),
          written: { head: sha("head"), tree: patchSet().text.tree, pullRequest: PullNumber.parse(57) },
        }),
      ],
    }),
    patchSets: [WRITTEN_PATCH_SET, { ...patchSet(2), since: ON_TOP }],
    approvals: watching.approvals,
  },

  fixIsApproved: {
    ...watching,
    state: state("verify", "pending", {
      plan: watching.state.plan,
      targets: [
        target({
          patchSet: patchSetRef(patchSet(2), { shown: shown("10:31", 9020), approvals: [OCTOCAT], approved: true }),
          written: { head: sha("head"), tree: patchSet().text.tree, pullRequest: PullNumber.parse(57) },
        }),
      ],
    }),
    patchSets: [WRITTEN_PATCH_SET, { ...patchSet(2), since: ON_TOP }],
    approvals: [
      ...watching.approvals,
      { kind: "patchset", digest: patchSet(2).digest, login: "mona", at: at("10:40"), voided: null },
    ],
    published: [...watching.published, published("patch:acme/shop:2", 9020)],
  },
} as const satisfies Readonly<Record<string, DeliveryView>>;

/** A patch set that needs its comment, its check run and a continuation. */
export const LONG: DeliveryView = {
  ...patchesReady,
  state: state("review", "pending", {
    plan: patchesReady.state.plan,
    targets: [target({ patchSet: patchSetRef(ofLong) })],
  }),
  patchSets: [ofLong],
};
