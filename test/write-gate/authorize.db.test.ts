// The permit: what it says, by whose rules it is given, and how it ends where a rule or GitHub says no.
import { describe, expect, it } from "vitest";
import { artifactHash } from "../../src/artifacts/artifact.ts";
import { artifacts } from "../../src/db/schema.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { DeliveryId, RepoId, TraceId } from "../../src/ids.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import { ok } from "../../src/result.ts";
import { type AuthorizePorts, authorize } from "../../src/write-gate/authorize.ts";
import { WriteStop } from "../../src/write-gate/outcome.ts";
import { readingsOf } from "../../src/write-gate/readings.ts";
import { loadCase, type WriteCase } from "../../src/write-gate/write-case.ts";
import { writeIdOf } from "../../src/write-gate/write-id.ts";
import type { WriteRules } from "../../src/write-gate/write-rules.ts";
import {
  approvalRows,
  approve,
  MONA,
  NOW,
  OCTOCAT,
  planApprovalRows,
  say,
  theOnly,
  type World,
} from "./approved-delivery.ts";
import { openWorlds } from "./worlds.ts";

const { delivery } = openWorlds();

const caseOf = async (world: World): Promise<WriteCase> => {
  const wanted = await loadCase(world.db.sql, world.id, world.attempt);
  if (typeof wanted === "string") throw new Error(wanted);
  return wanted;
};
const repoIdOf = (world: World, index = 0) => RepoId.parse(world.repos[index]?.id);

type Asked = Readonly<{
  /** Which of its repositories. */
  index?: number;
  wanted?: (wanted: WriteCase) => WriteCase;
  ports?: Partial<AuthorizePorts>;
  /** Of each repository. */
  rules?: (repoId: RepoId) => Partial<WriteRules>;
}>;

const permitFor = async (world: World, { index = 0, wanted: change, ports, rules }: Asked = {}) => {
  const deps = world.deps(() => {});
  const loaded = await caseOf(world);
  const wanted = change?.(loaded) ?? loaded;
  const target = wanted.targets[index] ?? theOnly([]);
  const today: AuthorizePorts["rules"] = async (where) => {
    const known = await deps.rules(where);
    return known.ok ? ok({ ...known.value, ...rules?.(where.repoId) }) : known;
  };
  const readingOf = readingsOf(deps.github, wanted, undefined);
  const { facts } = await authorize({ sql: world.db.sql, readingOf, rules: today, ...ports }, wanted, target);
  return facts;
};
const endOf = async (world: World, asked?: Asked) => {
  try {
    await permitFor(world, asked);
    return "a permit";
  } catch (error) {
    if (error instanceof WriteStop) return error.end;
    throw error;
  }
};
const refused = (world: World, code: string, note: string) => ({
  kind: "refused",
  code,
  repoId: repoIdOf(world),
  note,
});
const failing = (code: "forbidden" | "server") => () => Promise.reject(new GitHubError(code, "no answer"));

describe("a permit", () => {
  it("says of what, onto what, by whose approvals, and what it rests on", async () => {
    const world = await delivery({ approvers: [OCTOCAT, MONA] });
    const { patchSet } = (await caseOf(world)).targets[0] ?? theOnly([]);
    const [first, second] = await approvalRows(world);
    const { content, ...facts } = await permitFor(world);
    expect(facts).toEqual({
      writeId: writeIdOf("patchset", patchSet.id, patchSet.digest),
      deliveryId: world.id,
      attempt: world.attempt,
      traceId: TraceId.parse("a".repeat(32)),
      subjectKind: "patchset",
      subjectId: patchSet.id,
      digest: patchSet.digest,
      repoId: repoIdOf(world),
      installationId: 77,
      onTopOf: null,
      approvals: [
        { id: first?.id, by: { id: OCTOCAT.id, login: "octocat" } },
        { id: second?.id, by: { id: MONA.id, login: "mona" } },
      ],
      restsOn: [theOnly(await planApprovalRows(world)).id],
    });
    expect(content.branch).toBe(`countersign/d-${world.id}`);
  });

  it("of a rollback without a plan rests on nothing more", async () => {
    const order = { undoes: 3, repositories: [] };
    const world = await delivery({ edit: (content) => ({ ...content, planDigest: digestOf(order) }) });
    const row = { deliveryId: world.id, kind: "scope", version: 1, content: order } as const;
    await world.db.sql.insert(artifacts).values({ ...row, hash: artifactHash(row), createdAt: NOW });
    const wanted = (known: WriteCase): WriteCase => ({
      ...known,
      delivery: { ...known.delivery, plan: null, undoes: DeliveryId.parse(3) },
    });
    expect((await permitFor(world, { wanted })).restsOn).toEqual([]);
  });

  it("cannot be changed in any part", async () => {
    const parts: unknown[] = [await permitFor(await delivery())];
    let seen = 0;
    for (const part of parts) {
      if (typeof part !== "object" || part === null) continue;
      seen += 1;
      expect(Object.isFrozen(part)).toBe(true);
      parts.push(...Object.values(part));
    }
    expect(seen).toBeGreaterThan(10);
  });
});

describe("the rules", () => {
  it("of each repository are asked for by what it is, once for its own part and once for the look at what was said", async () => {
    const world = await delivery();
    const asked: unknown[] = [];
    const { rules } = world.deps(() => {});
    const ports: NonNullable<Asked["ports"]> = {
      rules: (where) => {
        asked.push(where);
        return rules(where);
      },
    };
    await permitFor(world, { ports });
    const where = { deliveryId: world.id, repoId: repoIdOf(world), installationId: 77 };
    expect(asked).toEqual([where, where]);
  });

  it("of the issue's repository judge the plan, also for a patch set of another one", async () => {
    const world = await delivery({ repos: 2 });
    const [first, second] = [repoIdOf(world, 0), repoIdOf(world, 1)];
    const more = { quorum: { plan: 2, review: 1, deploy: 1 } };
    const of = (repoId: RepoId) => (asked: RepoId) => (asked === repoId ? more : {});
    expect(await endOf(world, { index: 1, rules: of(second) })).toBe("a permit");
    expect(await endOf(world, { index: 1, rules: of(first) })).toEqual({
      kind: "approval_void",
      of: "plan",
      repoId: first,
      note: "1 of 2 approvals count",
    });
    const own = { quorum: { plan: 1, review: 2, deploy: 1 } };
    expect(await endOf(world, { index: 1, rules: (asked) => (asked === second ? own : {}) })).toEqual({
      kind: "approval_void",
      of: "patchset",
      repoId: second,
      note: "1 of 2 approvals count",
    });
  });

  it("are of no use where the issue's repository takes no part: what showed it cannot be read again", async () => {
    const world = await delivery({ repos: 2 });
    const first = repoIdOf(world);
    const wanted = (known: WriteCase): WriteCase => ({
      ...known,
      places: new Map([...known.places].filter(([repoId]) => repoId !== first)),
    });
    expect(await endOf(world, { index: 1, wanted })).toEqual(
      refused(world, "thread_unreadable", `GitHub: repository ${first} takes no part in the delivery`),
    );
  });

  it("that cannot be read are for a person, unless that passes", async () => {
    const world = await delivery();
    const no = refused(world, "rules_unusable", "GitHub: no answer");
    for (const call of ["ownersOf", "violations", "voiceOf"] as const) {
      expect(await endOf(world, { rules: () => ({ [call]: failing("forbidden") }) }), call).toEqual(no);
      await expect(endOf(world, { rules: () => ({ [call]: failing("server") }) }), call).rejects.toMatchObject({
        code: "server",
      });
    }
    expect(await endOf(world, { ports: { rules: failing("forbidden") } })).toEqual(no);
    await expect(endOf(world, { ports: { rules: failing("server") } })).rejects.toMatchObject({ code: "server" });
    world.today.unusable = "line 3 is none";
    expect(await endOf(world)).toEqual(refused(world, "rules_unusable", "line 3 is none"));
    world.today.unusable = null;
    world.today.ownersUnusable = "no owners";
    expect(await endOf(world)).toEqual(refused(world, "rules_unusable", "no owners"));
  });

  it("of policy are told with path and line where they have one", async () => {
    const world = await delivery();
    const violation = { rule: "ci-files", severity: "block", path: "x.yml", line: 12, message: "no" } as const;
    world.today.violations = [
      violation,
      { ...violation, severity: "warn", message: "only a warning" },
      { ...violation, line: null },
      { ...violation, path: null, line: null },
    ];
    expect(await endOf(world)).toEqual({
      kind: "policy_now_blocks",
      repoId: repoIdOf(world),
      note: "ci-files x.yml:12: no; ci-files x.yml: no; ci-files: no",
    });
  });
});

describe("what was said", () => {
  it.each<[string, readonly [first: string, second: string]]>([
    ["in the order of their rows", ["09:00", "09:40"]],
    ["the second row being the earlier", ["09:40", "09:00"]],
  ])("since the earliest approval counts, %s", async (_, times) => {
    const world = await delivery({ approvers: [] });
    const repo = theOnly(world.repos);
    const { patchSet } = (await caseOf(world)).targets[0] ?? theOnly([]);
    const about = { deliveryId: world.id, on: repo, issue: world.issue, kind: "patchset" } as const;
    const [first, second] = times.map((time) => `2026-11-21T${time}:00Z`);
    for (const [person, at] of [[OCTOCAT, first] as const, [MONA, second] as const]) {
      const digest = { subjectId: patchSet.id, digest: patchSet.digest };
      await approve(world.db, { ...about, ...digest, at: at ?? "" }, person);
    }
    say(repo, world.issue, OCTOCAT, "/hold", "2026-11-21T08:59:59Z");
    expect(await endOf(world)).toBe("a permit");
    say(repo, world.issue, OCTOCAT, "/hold", "2026-11-21T09:20:00Z");
    expect(await endOf(world)).toEqual({
      kind: "overruled",
      repoId: repoIdOf(world),
      note: "`octocat` wrote `/hold`, and GitHub has not told Countersign of that comment. If it still stands, post it again; if not, delete it.",
    });
  });

  it("that cannot be read is for a person, unless that passes", async () => {
    const world = await delivery();
    const deps = world.deps(() => {});
    const readingOf = readingsOf(deps.github, await caseOf(world), undefined);
    const without = (code: "forbidden" | "server"): NonNullable<Asked["ports"]> => ({
      readingOf: async (repoId) => ({ ...(await readingOf(repoId)), comments: failing(code) }),
    });
    const no = refused(world, "thread_unreadable", "GitHub: no answer");
    expect(await endOf(world, { ports: without("forbidden") })).toEqual(no);
    await expect(endOf(world, { ports: without("server") })).rejects.toMatchObject({ code: "server" });
    const cut: NonNullable<Asked["ports"]> = {
      readingOf: async (repoId) => ({
        ...(await readingOf(repoId)),
        comments: async () => ({ items: [], complete: false }),
      }),
    };
    const note = `#${world.issue} has more comments than can be read again.`;
    expect(await endOf(world, { ports: cut })).toEqual(refused(world, "thread_unreadable", note));
  });
});
