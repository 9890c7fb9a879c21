// A command is answered where it was given: one reaction, and one reply in words for each gate and person.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CommandRefusal } from "../../src/commands/refusal.ts";
import { commands, contentPace, deliveries, deliveryRepos, publications } from "../../src/db/schema.ts";
import { type CommandId, type DeliveryId, RepoId } from "../../src/ids.ts";
import { answerJob } from "../../src/jobs/answer.ts";
import { answer } from "../../src/thread/answer.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { INSTALLATION, REPO, shaOf, storeCommand, storeSource } from "../support/stored-delivery.ts";
import { openStage, type Stage, storeLabeled } from "./support/stage.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
/** Pace is not what these tests are about. */
const unpaced = () => database.db.transaction(({ sql }) => sql.delete(contentPace));
beforeEach(unpaced);

const never = new AbortController().signal;
const RUN = { tries: 1, lastTry: false, signal: never };
class Killed extends Error {}

let comments = 7_000;

type Given = Readonly<{
  name?: string;
  refusal?: CommandRefusal | null;
  by?: Readonly<{ id: number; login: string }>;
  button?: boolean;
  review?: boolean;
}>;

/** A command with its verdict. */
const give = async (
  id: DeliveryId,
  { name = "approve", refusal = null, by, button = false, review = false }: Given = {},
): Promise<CommandId> => {
  const command = await storeCommand(database.db, id, name, ++comments);
  await database.db.transaction(({ sql }) =>
    sql
      .update(commands)
      .set({
        verdict: refusal === null ? "accepted" : "refused",
        refusal,
        decidedAt: new Date("2026-11-21T10:00:00Z"),
        ...(by === undefined ? {} : { actorId: by.id, actorLogin: by.login }),
        ...(button ? { originKind: "button" } : {}),
        ...(review ? { originKind: "review" } : {}),
      })
      .where(eq(commands.id, command)),
  );
  return command;
};

const replies = ({ github }: Stage) => github.comments.map(({ body }) => body.split("\n\n")[0]);

describe("a command that was accepted", () => {
  test("gets a thumb and no words", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    await answer(stage.deps(), await give(id), never);
    expect([...stage.github.reactions]).toEqual([`${comments} +1`]);
    expect(replies(stage)).toEqual([]);
  });

  test("is not answered before it is decided", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    await answer(stage.deps(), await storeCommand(database.db, id, "approve", ++comments), never);
    expect(stage.github.calls).toEqual([]);
  });
});

describe("a review that asks for changes", () => {
  const taken = { name: "revise", review: true } as const;

  test("is told that it was taken, and which one it is, without a reaction", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    const command = await give(id, taken);
    await answer(stage.deps(), command, never);
    await answer(stage.deps(), command, never);
    expect([...stage.github.reactions]).toEqual([]);
    expect(replies(stage)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^\\[This review\\]\\(\\S+/pull/12#pullrequestreview-${comments}\\) counts as \`/revise\`\\. Its words are kept, \`octocat\`, for a new version, which is shown before anything is pushed\\. D-${id} is \\S`,
        ),
      ),
    ]);
  });

  test("is told why it was not, once for each gate and person", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    const refused = { ...taken, refusal: { code: "review_changed" } } as const;
    await answer(stage.deps(), await give(id, refused), never);
    await answer(stage.deps(), await give(id, refused), never);
    expect(replies(stage)).toEqual([
      expect.stringMatching(/counts as `\/revise`\. Not applied, `octocat`\. The review was/),
    ]);
  });
});

describe("a command that was refused", () => {
  test("is told why, once for each gate and person", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    const mona = { id: 2, login: "mona" };
    await answer(stage.deps(), await give(id, { refusal: { code: "on_hold" } }), never);
    await answer(stage.deps(), await give(id, { refusal: { code: "edited" } }), never);
    await answer(stage.deps(), await give(id, { refusal: { code: "on_hold" }, by: mona }), never);
    expect(replies(stage)).toEqual([
      `Not applied, \`octocat\`. D-${id} is on hold, and commands wait. \`/resume\` lifts a hold.`,
      `Not applied, \`mona\`. D-${id} is on hold, and commands wait. \`/resume\` lifts a hold.`,
    ]);
    expect(stage.github.reactions.size).toBe(3);
    expect([...stage.github.reactions].every((one) => one.endsWith("confused"))).toBe(true);
  });

  test("gets only the reaction when a stranger gave it", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    await answer(stage.deps(), await give(id, { refusal: { code: "stranger", why: "role" } }), never);
    expect([...stage.github.reactions]).toEqual([`${comments} confused`]);
    expect(replies(stage)).toEqual([]);
  });

  test("by a button gets words, as there is nothing to react to", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    await answer(stage.deps(), await give(id, { refusal: { code: "button_outdated" }, button: true }), never);
    expect(stage.github.reactions.size).toBe(0);
    expect(replies(stage)).toHaveLength(1);
  });

  test("in a comment that is gone is answered in words alone", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    stage.github.refuse("reactToComment", "not_found");
    await answer(stage.deps(), await give(id, { refusal: { code: "edited" } }), never);
    expect(replies(stage)).toHaveLength(1);
  });
});

describe("/help and /status", () => {
  test("are answered in words, and /status draws the thread anew", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    const job = answerJob(stage.deps());
    for (const name of ["help", "status", "help", "status"]) await job({ commandId: await give(id, { name }) }, RUN);
    expect(replies(stage)).toEqual([
      `**Commands.** To D-${id} apply now: \`/cancel\`, \`/hold\`, \`/budget\` and \`/exit\`.`,
      `Status of D-${id}: reading the issue.`,
    ]);
    const waiting = await database.jobs.waiting("publish");
    expect(waiting.map(({ data }) => data)).toContainEqual({ deliveryId: id });
  });
});

describe("on a pull request that more people see than the issue", () => {
  const OPEN = RepoId.parse(4_712);

  /** A delivery of the private acme/shop that also changes the public acme/open, and a command given there. */
  const givenThere = async (given: Given): Promise<Readonly<{ id: DeliveryId; command: CommandId }>> => {
    const id = await storeLabeled(database.db);
    await storeSource(database.db, OPEN, "open");
    const command = await give(id, given);
    await database.db.transaction(async ({ sql }) => {
      const part = { deliveryId: id, repoId: OPEN, installationId: INSTALLATION, owner: "acme", name: "open" };
      const base = { baseBranch: "main", baseSha: shaOf("open"), position: 1 };
      await sql.insert(deliveryRepos).values({ ...part, ...base, visibility: "public", role: "secondary" });
      await sql.update(commands).set({ repoId: OPEN, issueNumber: 8 }).where(eq(commands.id, command));
    });
    return { id, command };
  };

  test("a refusal does not say why, since the reason may name what only few may know", async () => {
    const stage = openStage(database.db);
    const refusal = { code: "no_such_target", given: "acme/secret", open: [REPO] } as const;
    const { id, command } = await givenThere({ refusal: { ...refusal, open: [...refusal.open] } });
    await answer(stage.deps(), command, never);
    expect(replies(stage)).toEqual([
      `Not applied, \`octocat\`. More people read here than where D-${id} was asked for, so the reason is not said here. Give the command there.`,
    ]);
  });

  test("/status does not link to the issue", async () => {
    const stage = openStage(database.db);
    const { id, command } = await givenThere({ name: "status" });
    const url = "https://github.com/acme/shop/issues/12#issuecomment-1";
    await database.db.transaction(({ sql }) =>
      sql
        .insert(publications)
        .values({ deliveryId: id, key: "status", kind: "comment", repoId: REPO, remoteId: 1, url }),
    );
    await answer(stage.deps(), command, never);
    expect(replies(stage)).toEqual([`Status of D-${id}: reading the issue.`]);
  });
});

describe("killed and run again", () => {
  const points = async (): Promise<readonly string[]> => {
    const stage = openStage(database.db);
    const seen: string[] = [];
    const id = await storeLabeled(database.db);
    await answer(
      stage.deps((name) => void seen.push(name)),
      await give(id, { refusal: { code: "on_hold" } }),
      never,
    );
    return seen;
  };

  test("it leaves one reaction and one reply", async () => {
    const names = await points();
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      await unpaced();
      const stage = openStage(database.db);
      const id = await storeLabeled(database.db);
      const command = await give(id, { refusal: { code: "on_hold" } });
      const crash = (here: string) => {
        if (here === name) throw new Killed();
      };
      await expect(answer(stage.deps(crash), command, never), name).rejects.toThrow(Killed);
      await answer(stage.deps(), command, never);
      // A later one of the same person stays without words.
      await answer(stage.deps(), await give(id, { refusal: { code: "edited" } }), never);
      expect(replies(stage), name).toHaveLength(1);
      expect(stage.github.reactions.size).toBe(2);
    }
  });

  test("a reply whose answer was lost is found, also when the state has moved on meanwhile", async () => {
    const stage = openStage(database.db);
    const id = await storeLabeled(database.db);
    const command = await give(id, { refusal: { code: "on_hold" } });
    stage.github.loseAnswer(2);
    await expect(answer(stage.deps(), command, never)).rejects.toThrow("the answer is lost");
    await database.db.transaction(({ sql }) => sql.update(deliveries).set({ attempt: 9 }).where(eq(deliveries.id, id)));
    await answer(stage.deps(), command, never);
    expect(replies(stage)).toHaveLength(1);
  });
});
