// GitHub limits, fails, breaks off, or loses its answer, at every kind of call that makes something: the end is one of each.
import { afterEach, expect, it } from "vitest";
import {
  type Fault,
  primaryLimit,
  type RequestMatcher,
  secondaryLimit,
  serverError,
  tooManyRequests,
} from "../../demo/github/faults.ts";
import { expectOneOfEach, expectVerifiedLedger, toTheEnd } from "../support/whole-way.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const app = "countersign";
const post = (path: RegExp): RequestMatcher => ({ app, method: "POST", path });
const CREATIONS: Readonly<Record<string, RequestMatcher>> = {
  token: post(/\/access_tokens$/),
  "reaction to the issue": post(/\/issues\/\d+\/reactions$/),
  "reaction to a command": post(/\/issues\/comments\/\d+\/reactions$/),
  comment: post(/\/issues\/\d+\/comments$/),
  "edit of a comment": { app, method: "PATCH", path: /\/issues\/comments\/\d+$/ },
  "check run": post(/\/check-runs$/),
  label: post(/\/issues\/\d+\/labels$/),
  blob: post(/\/git\/blobs$/),
  tree: post(/\/git\/trees$/),
  commit: post(/\/git\/commits$/),
  branch: post(/\/git\/refs$/),
  "pull request": post(/\/pulls$/),
};

const WAYS: readonly (readonly [string, () => Fault])[] = [
  ["answers 403 with a secondary limit", () => secondaryLimit(1)],
  ["answers 403 with the primary limit", () => primaryLimit(new Date(Date.now() + 1_000))],
  ["answers 429", () => tooManyRequests(1)],
  ["answers 500", () => serverError(500)],
  ["answers 502 with a page", () => serverError(502)],
  ["answers 503", () => serverError(503)],
  ["closes the connection", () => ({ kind: "drop" })],
  ["is slow", () => ({ kind: "delay", ms: 300 })],
  ["does it and loses the answer", () => ({ kind: "lose_response" })],
];

it.each(WAYS)("GitHub %s, once for each kind of call", async (_name, fault) => {
  world = await openWorld({ impatient: true });
  const planned = Object.entries(CREATIONS).map(
    ([what, when]) => [what, world?.github.faults.add(when, fault())] as const,
  );
  // And some of what it only asks.
  for (const after of [2, 12, 30]) {
    planned.push([`question ${after}`, world.github.faults.add({ app, method: "GET" }, fault(), { after })]);
  }
  const issue = await toTheEnd(world);
  expect(planned.filter(([, one]) => one?.hits !== 1).map(([what]) => what)).toEqual([]);
  expectOneOfEach(world, issue);
  await expectVerifiedLedger(world.database.db.sql);
});

it("the answer to each comment, check run, branch and pull request is lost: none is made twice", async () => {
  world = await openWorld({ impatient: true });
  const made = ["comment", "check run", "branch", "pull request"].map((what) => CREATIONS[what]);
  const planned = made.map((when) => world?.github.faults.add(when ?? {}, { kind: "lose_response" }, { times: 20 }));
  const issue = await toTheEnd(world);
  expect(planned.map((one) => one?.hits)).toEqual([4, 3, 1, 1]);
  expectOneOfEach(world, issue);
});

it("while GitHub has asked for quiet, nothing more is asked in that installation's name", async () => {
  const seconds = 8;
  world = await openWorld({ env: { GITHUB_PACE: "github" } });
  const { github } = world;
  const limited = github.faults.add(post(/\/issues\/\d+\/comments$/), secondaryLimit(seconds));
  const issue = world.begin();
  await world.gate(issue, /^\*\*Plan ready/);
  expect(limited.hits).toBe(1);
  const at = github.requests.find(({ status }) => status === 403)?.at.getTime() ?? 0;
  // What was on its way beside the call that was limited still arrives.
  const [from, to] = [at + 3_000, at + (seconds - 1) * 1000];
  const during = github.requests.filter(
    (one) => one.tokenId !== null && one.at.getTime() > from && one.at.getTime() < to,
  );
  expect(during.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  expect(world.ours(issue)).toHaveLength(2);
});
