// Approvals that are none, at an open gate, by everybody who could try: nothing changes, whoever says it and however.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AtGate, nextSecond, PATCHES, PLAN, toPlan } from "../support/on-the-way.ts";
import { approvalsOf, mustChangeNothing, quiet, rowOf, somebody } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";
import { harmsOf } from "./detectors.ts";
import { expectNothingWritten, leaksOf } from "./judged.ts";
import { outboundOf } from "./outbound.ts";
import { BAD_SPEECH, type BadSpeech, type Speaker } from "./payloads/speech.ts";

let world: World;
let gate: AtGate;
beforeAll(async () => {
  world = await openWorld({ impatient: true });
  gate = await toPlan(world);
});
afterAll(() => world?.close());

/** Each is somebody new: who is refused too often is heard no more, and then nothing would be tried. */
let count = 0;
const speakerOf = (by: Speaker) => {
  const { github } = world;
  const login = `${by}-${++count}`;
  switch (by) {
    case "stranger":
      github.addUser(login);
      return github.as(login);
    case "reporter":
      return github.as(somebody(world, login, "triage"));
    case "writer":
      return github.as(somebody(world, login, "write"));
    case "approver":
      return github.as(somebody(world, login, "maintain"));
    case "app":
      return github.as(somebody(world, login, "maintain")).through("github-actions");
    case "bot":
      github.addUser(login, "Bot");
      github.as(PEOPLE.owner).setRole(login, "maintain");
      return github.as(login);
  }
};

const sayAll = async (speeches: readonly BadSpeech[]): Promise<void> => {
  for (const { by, text } of speeches) speakerOf(by).comment(gate.issue, text.replaceAll("CODE", gate.code));
  await quiet(world);
};

const BY = [...new Set(BAD_SPEECH.map(({ by }) => by))];

it.each(BY)("changes nothing, said by: %s", async (by) => {
  const mine = BAD_SPEECH.filter((each) => each.by === by);
  const left = await mustChangeNothing(world, gate.issue, () => sayAll(mine));
  expect(left.ledger.filter((entry) => !/^command(?:_received|\.\w+)(?:: refused: .*)?$/.test(entry))).toEqual([]);
  expect(left.ledger.filter((entry) => entry === "command.approve")).toEqual([]);
  const { id } = await rowOf(world, gate.issue);
  expect(await approvalsOf(world, id)).toEqual([]);
});

it("what was edited into an approval is none, nor what is deleted before it is heard", async () => {
  await mustChangeNothing(world, gate.issue, async () => {
    const person = speakerOf("approver");
    const { id } = person.comment(gate.issue, "I am still reading.");
    await nextSecond();
    person.editComment(id, `/approve ${gate.code}`);
    await quiet(world);
  });
});

const signed = (secret: string, body: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

const FORGERIES: readonly (readonly [string, (body: string, secret: string) => Record<string, string>])[] = [
  ["no signature", () => ({})],
  ["an empty one", () => ({ "x-hub-signature-256": "" })],
  ["one of another secret", (body) => ({ "x-hub-signature-256": signed("guess", body) })],
  ["one of no secret", (body) => ({ "x-hub-signature-256": signed(" ", body) })],
  ["one of another body", (_, secret) => ({ "x-hub-signature-256": signed(secret, "{}") })],
  [
    "one of SHA-1 alone",
    (body, secret) => ({ "x-hub-signature": `sha1=${createHmac("sha1", secret).update(body).digest("hex")}` }),
  ],
  [
    "one with another name",
    (body, secret) => ({ "x-hub-signature-256": signed(secret, body).replace("sha256=", "sha512=") }),
  ],
  ["one that is cut", (body, secret) => ({ "x-hub-signature-256": signed(secret, body).slice(0, 30) })],
];

it.each(FORGERIES)("a webhook with %s is no approval", async (_, headers) => {
  const { github } = world;
  const heard = github.webhooks.log.find(({ app, event }) => app === "countersign" && event === "issue_comment");
  if (heard === undefined) throw new Error("no webhook of a comment");
  const body = JSON.stringify({
    ...JSON.parse(heard.body),
    comment: { ...JSON.parse(heard.body).comment, id: 999_999, body: `/approve ${gate.code}` },
  });
  await mustChangeNothing(world, gate.issue, async () => {
    const answer = await fetch(`${world.url()}/api/github/webhooks`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "issue_comment",
        "x-github-delivery": `forged-${++count}`,
        ...headers(body, github.app("countersign").webhookSecret),
      },
      body,
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});

it("and all the while nothing was written, nothing acted, and nothing secret left", () => {
  expectNothingWritten(world, ["acme/shop"]);
  const allowed = {
    people: [PEOPLE.approver, PEOPLE.owner],
    origins: ["https://github.com/", world.github.url],
    closes: [],
  };
  const harms = outboundOf(world.github.requests).flatMap((one) =>
    harmsOf(one, allowed).map((harm) => `${harm} (${one.where})`),
  );
  expect([...new Set(harms)]).toEqual([]);
  expect(leaksOf(world)).toEqual([]);
});

it("a real approval still counts: the gate was open all along", async () => {
  expect(await world.say(gate.issue, PEOPLE.approver, `/approve ${gate.code}`)).toBe("+1");
  expect(await world.gate(gate.issue, PATCHES, gate.code)).toMatch(/^[2-9a-z]{4,6}$/);
  expect(PLAN.test(world.status(gate.issue))).toBe(false);
});
