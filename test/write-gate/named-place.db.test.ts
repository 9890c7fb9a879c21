// What a stored patch set must say of its place and of its plan or order, with each refusal in its own words.
import { describe, expect, it } from "vitest";
import { artifactHash } from "../../src/artifacts/artifact.ts";
import { artifacts } from "../../src/db/schema.ts";
import { DeliveryId, Digest, RepoId } from "../../src/ids.ts";
import { digestOf } from "../../src/ledger/canonical.ts";
import type { PatchSetContent } from "../../src/patches/patch-set.ts";
import { NOW } from "./approved-delivery.ts";
import { type Asked, caseOf, endOf, refusedOf } from "./asked-content.ts";
import { openWorlds } from "./worlds.ts";

const { delivery } = openWorlds();

describe("the place that a patch set names", () => {
  const cases: [note: string, code: string, change: (asked: Asked) => Partial<Asked>][] = [
    [
      "the patch set is another delivery's",
      "other_target",
      ({ delivery: { id, ...rest } }) => ({ delivery: { ...rest, id: DeliveryId.parse(id + 1_000_000) } }),
    ],
    [
      "the stored patch set is not the one that was approved",
      "digest_differs",
      ({ target }) => ({
        target: { ...target, patchSet: { ...target.patchSet, digest: Digest.parse("f".repeat(64)) } },
      }),
    ],
    [
      "the patch set is of another repository",
      "other_target",
      ({ target }) => ({ target: { ...target, place: { ...target.place, repoId: RepoId.parse(7) } } }),
    ],
    [
      "the patch set names another base branch",
      "other_target",
      ({ target }) => ({ target: { ...target, place: { ...target.place, baseBranch: "release" } } }),
    ],
    [
      "the plan that the patch set was made for is not the approved one",
      "plan_changed",
      ({ delivery: { plan, ...rest } }) => ({
        delivery: { ...rest, plan: plan === null ? null : { ...plan, digest: Digest.parse("e".repeat(64)) } },
      }),
    ],
    [
      "the plan that the patch set was made for is not the approved one",
      "plan_changed",
      ({ delivery: { plan, ...rest } }) => ({
        delivery: { ...rest, plan: plan === null ? null : { ...plan, approved: false } },
      }),
    ],
    [
      "the plan that the patch set was made for is not the approved one",
      "plan_changed",
      ({ delivery: { plan: _, ...rest } }) => ({ delivery: { ...rest, plan: null } }),
    ],
    [
      "the stored plan is not the one that was approved",
      "plan_changed",
      ({ delivery: { plan, ...rest } }) => ({
        delivery: { ...rest, plan: plan === null ? null : { ...plan, version: 2 } },
      }),
    ],
  ];
  it.each(cases)("%s (%s)", async (note, code, change) => {
    const asked: Asked = await caseOf(await delivery());
    const changed = { ...asked, ...change(asked) };
    expect(await endOf(changed)).toEqual(refusedOf(changed, code, note));
  });

  const edits: [note: string, code: string, edit: (content: PatchSetContent) => PatchSetContent][] = [
    ["the patch set names another branch", "other_target", (content) => ({ ...content, branch: "main" })],
    ...(["commitHeadline", "commitBody"] as const).map(
      (field): [string, string, (content: PatchSetContent) => PatchSetContent] => [
        "the commit message holds a line that would pass for a trailer of Countersign",
        "forged_trailer",
        (content) => ({ ...content, [field]: "Countersign-Approved-By: mona 900 0" }),
      ],
    ),
  ];
  it.each(edits)("%s (%s), though it was approved", async (note, code, edit) => {
    const asked = await caseOf(await delivery({ edit }));
    expect(await endOf(asked)).toEqual(refusedOf(asked, code, note));
  });

  it("is its own, and its gate is open", async () => {
    const asked = await caseOf(await delivery());
    expect(await endOf(asked)).toBe(`countersign/d-${asked.world.id}`);
    const patchSet = { ...asked.target.patchSet, approved: false };
    expect(await endOf({ ...asked, target: { ...asked.target, patchSet } })).toEqual({
      kind: "approval_void",
      of: "patchset",
      repoId: asked.target.place.repoId,
      note: "the gate is not open",
    });
  });
});

describe("a rollback, which has no plan", () => {
  const ORDER = { undoes: 3, repositories: [] };
  const note = "what was found to be undone is not stored as it was approved";

  const rollback = async (): Promise<Asked> => {
    const asked = await caseOf(await delivery({ edit: (content) => ({ ...content, planDigest: digestOf(ORDER) }) }));
    return { ...asked, delivery: { ...asked.delivery, plan: null, undoes: DeliveryId.parse(3) } };
  };
  const store = async (
    { world }: Asked,
    row: Readonly<{ version: number; content: object; kind?: "scope" | "plan"; hash?: Digest }>,
  ): Promise<void> => {
    const { kind = "scope", version, content } = row;
    const own = artifactHash({ kind, deliveryId: world.id, version, content });
    const values = { deliveryId: world.id, kind, version, content, hash: row.hash ?? own, createdAt: NOW };
    await world.db.sql.insert(artifacts).values(values);
  };

  it("is written for the order that is stored, whichever was found before it", async () => {
    const asked = await rollback();
    await store(asked, { version: 1, content: { undoes: 2, repositories: [] } });
    await store(asked, { version: 2, content: ORDER });
    expect(await endOf(asked)).toBe(`countersign/d-${asked.world.id}`);
  });

  it("is not written where nothing is stored, or another order", async () => {
    const asked = await rollback();
    expect(await endOf(asked)).toEqual(refusedOf(asked, "plan_changed", note));
    await store(asked, { version: 1, content: { ...ORDER, undoes: 4 } });
    expect(await endOf(asked)).toEqual(refusedOf(asked, "plan_changed", note));
  });

  it("is not written for an order that was put there without its hash, or as something else", async () => {
    const asked = await rollback();
    await store(asked, { version: 1, content: ORDER, hash: Digest.parse("a".repeat(64)) });
    await store(asked, { version: 2, content: ORDER, kind: "plan" });
    const hash = artifactHash({ kind: "scope", deliveryId: asked.world.id, version: 3, content: ORDER });
    await store(asked, { version: 3, content: ORDER, kind: "plan", hash });
    expect(await endOf(asked)).toEqual(refusedOf(asked, "plan_changed", note));
  });

  it("with a plan of its own is written for that alone", async () => {
    const asked = await caseOf(await delivery());
    const undoing = { ...asked, delivery: { ...asked.delivery, undoes: DeliveryId.parse(3) } };
    expect(await endOf(undoing)).toBe(`countersign/d-${asked.world.id}`);
    const other = await rollback();
    await store(other, { version: 1, content: ORDER });
    expect(await endOf({ ...other, delivery: { ...other.delivery, plan: asked.delivery.plan } })).toEqual(
      refusedOf(other, "plan_changed", "the plan that the patch set was made for is not the approved one"),
    );
  });
});
