// What every one of these worlds is judged by in the end, from GitHub's side and from the database.
import { asc, eq } from "drizzle-orm";
import { expect } from "vitest";
import { approvals, writes } from "../../src/db/schema.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { PEOPLE } from "../support/scene.ts";
import type { World } from "../support/world.ts";
import { type Leak, leaksIn } from "./canaries.ts";
import { rawOutbound } from "./outbound.ts";

/** Secrets of the process, as this world has them. */
export const secretsOf = ({ github, env }: World): Readonly<Record<string, string>> => {
  const { privateKey, webhookSecret } = github.app("countersign");
  const body = privateKey.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
  return {
    "webhook secret": webhookSecret,
    "private key": body[3] ?? "",
    "private key, its end": body.at(-2) ?? "",
    "model key": env["OPENAI_API_KEY"] ?? "",
    ...Object.fromEntries(github.tokens.map(({ value }, index) => [`installation token ${index + 1}`, value])),
  };
};

export const leaksOf = (world: World, more: Readonly<Record<string, string>> = {}): readonly Leak[] =>
  leaksIn([...rawOutbound(world), { where: "the log", text: world.log.join("\n") }], { ...secretsOf(world), ...more });

/** No request that could change contents, no token that could have made one, no ref or pull request but those that were there. */
export const expectNothingWritten = (world: World, names: readonly string[]): void => {
  expect(world.github.contentWrites("countersign")).toEqual([]);
  expect(world.github.tokens.filter(({ permissions }) => permissions["contents"] === "write")).toEqual([]);
  for (const name of names) {
    const view = world.github.repo(name);
    expect([...view.refs().keys()]).toEqual([`refs/heads/${view.defaultBranch}`]);
    expect(view.pulls()).toEqual([]);
  }
};

/**
 * Each write has an approval of the same digest, by somebody whom this test had say so; what GitHub was asked to change is of those
 * deliveries alone; and every token that could write is revoked.
 */
export const expectOnlyApprovedWrites = async (world: World, approved: number): Promise<void> => {
  const { sql } = world.database.db;
  const written = await sql.select().from(writes).orderBy(asc(writes.deliveryId));
  expect(written).toHaveLength(approved);
  for (const { deliveryId, digest, approvalId } of written) {
    const [approval] = await sql.select().from(approvals).where(eq(approvals.id, approvalId));
    expect(approval).toMatchObject({
      deliveryId,
      digest,
      personLogin: PEOPLE.approver,
      voidedAt: null,
      subjectKind: "patchset",
    });
    expect(await verifyStored(sql, `D-${deliveryId}`)).toMatchObject({ ok: true });
  }
  const refs = world.github.contentWrites("countersign").filter(({ path }) => /\/git\/refs$/.test(path));
  expect(refs).toHaveLength(approved);
  const tokens = world.github.tokens.filter(({ permissions }) => permissions["contents"] === "write");
  expect(tokens.length).toBeLessThanOrEqual(approved);
  for (const token of tokens) expect(token.revokedAt).not.toBeNull();
};
