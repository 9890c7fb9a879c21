// The look for a no, asked by itself with what GitHub would answer: which comments stop a write, from when on, and which do not.
import { describe, expect, it } from "vitest";
import type { CommentFacts } from "../../src/github/reading.ts";
import { CommentId, UserId } from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";
import { lookForNo } from "../../src/write-gate/look-for-no.ts";
import { WriteStop } from "../../src/write-gate/outcome.ts";
import { loadCase } from "../../src/write-gate/write-case.ts";
import { MONA, OCTOCAT, theOnly } from "./approved-delivery.ts";
import { openWorlds } from "./worlds.ts";

const { delivery } = openWorlds();

const SINCE = instant("2026-11-21T09:00:00Z");

/** The end that these words come to in the issue, and null where they stop nothing. */
const heard = async (body: string, over: Partial<CommentFacts> = {}, complete = true) => {
  const world = await delivery();
  const wanted = await loadCase(world.db.sql, world.id, world.attempt);
  if (typeof wanted === "string") throw new Error(wanted);
  const { repoId, installationId } = theOnly(wanted.targets).place;
  const rules = await world.deps(() => {}).rules({ deliveryId: world.id, repoId, installationId });
  if (!rules.ok) throw new Error(rules.error);
  const at = over.createdAt ?? SINCE;
  const comment: CommentFacts = {
    id: CommentId.parse(world.id + 7_000_000),
    body,
    author: { id: OCTOCAT.id, login: OCTOCAT.login, type: "User" },
    viaAppId: null,
    createdAt: at,
    updatedAt: at,
    ...over,
  };
  const reading = {
    comment: () => Promise.reject(new Error("no single comment is read")),
    comments: async () => ({ items: [comment], complete }),
    reviews: () => Promise.reject(new Error("nothing was written yet")),
  };
  const looking = {
    sql: world.db.sql,
    wanted,
    since: SINCE,
    readingOf: async () => reading,
    rulesOf: async () => rules.value,
  };
  try {
    await lookForNo(looking);
    return null;
  } catch (error) {
    if (!(error instanceof WriteStop)) throw error;
    return error.end;
  }
};
const overruled = (name: string) => ({
  kind: "overruled",
  repoId: expect.any(Number),
  note: `\`octocat\` wrote \`/${name}\`, and GitHub has not told Countersign of that comment. If it still stands, post it again; if not, delete it.`,
});

describe("a comment in the issue", () => {
  it.each(["cancel", "reject", "hold", "revise"])(
    "stops a write by /%s, from the second of the approval on",
    async (name) => {
      expect(await heard(`/${name}`)).toEqual(overruled(name));
      expect(await heard(`/${name}`, { createdAt: instant("2026-11-21T08:59:59Z") })).toBeNull();
    },
  );

  it("stops none by other words", async () => {
    for (const words of ["/approve", "/retry", "/freeze", "cancel", ""]) expect(await heard(words), words).toBeNull();
  });

  it("stops one by the first command that says no, whatever stands before it", async () => {
    expect(await heard("/approve\n/hold\n/cancel")).toEqual(overruled("hold"));
  });

  it("stops none that a person did not write so, or that nobody of the approvers wrote", async () => {
    const later = instant("2026-11-21T09:00:01Z");
    expect(await heard("/hold", { updatedAt: later })).toBeNull();
    expect(await heard("/hold", { viaAppId: 6 })).toBeNull();
    expect(await heard("/hold", { author: { id: OCTOCAT.id, login: "octocat", type: "Bot" } })).toBeNull();
    expect(await heard("/hold", { author: { id: UserId.parse(1), login: "passer-by", type: "User" } })).toBeNull();
    expect(await heard("/hold", { author: { id: MONA.id, login: "mona", type: "User" } })).not.toBeNull();
  });

  it("is not enough where there are more than can be read", async () => {
    expect(await heard("nothing", {}, false)).toEqual({
      kind: "refused",
      code: "thread_unreadable",
      repoId: expect.any(Number),
      note: expect.stringMatching(/^#\d+ has more comments than can be read again\.$/),
    });
  });
});
