// The whole way of a delivery, from the label to its end, and what must stand there afterwards whatever went wrong on it.
import { expect } from "vitest";
import type { LoggedRequest } from "../../demo/github/requests.ts";
import type { Sql } from "../../src/db/database.ts";
import { verifyStored } from "../../src/ledger/read.ts";
import { PEOPLE, type Scene } from "./scene.ts";

export type OnStage = Omit<Scene, "closeScene">;

const PLAN = /^\*\*Plan ready/;
const PATCHES = /^\*\*Patches ready/;

/** A webhook that was not acknowledged is sent again by hand, as an operator or the recovery would. */
export const sendAgain = async ({ github }: OnStage): Promise<void> => {
  await github.idle();
  for (const hook of [...github.webhooks.log].filter(({ app }) => app === "countersign")) {
    if (hook.attempts.every(({ status }) => status !== 202)) github.webhooks.replay(hook, "same");
  }
  await github.idle();
};

/** Label, both approvals, green checks, to the result. Answers the issue. */
export async function toTheEnd(stage: OnStage): Promise<number> {
  const { github, shop } = stage;
  const issue = stage.begin();
  await sendAgain(stage);
  const plan = await stage.gate(issue, PLAN);
  await stage.say(issue, PEOPLE.approver, `/approve ${plan}`);
  const patches = await stage.gate(issue, PATCHES, plan);
  expect(github.contentWrites("countersign")).toEqual([]);
  await stage.say(issue, PEOPLE.approver, `/approve ${patches}`);
  const pull = await stage.until(() => shop.pulls()[0], "the pull request");
  await stage.report(pull.head.sha, "success");
  // The labels are brought up to date after the status.
  await stage.until(() => /It is over/.test(stage.status(issue)) && shop.issue(issue).labels.length === 1, "the end");
  return issue;
}

/** Requests that GitHub carried out, whether the answer arrived or not. */
const done = ({ github }: OnStage, path: RegExp): LoggedRequest[] =>
  github.requests.filter(
    ({ app, method, path: at, performed, status }) =>
      app === "countersign" && method === "POST" && path.test(at) && performed && (status === null || status < 300),
  );

/** Four comments, three check runs, one branch, one pull request, one reaction each: nothing is missing, nothing twice. */
export function expectOneOfEach(stage: OnStage, issue: number): void {
  const { github, shop } = stage;
  expect(stage.ours(issue).map(({ body }) => body.split("\n")[0])).toEqual([
    expect.stringMatching(/^### Countersign D-1/),
    expect.stringMatching(/^\*\*Approved\*\*/),
    expect.stringMatching(/^\*\*Approved\*\*/),
    expect.stringMatching(/^\*\*Ready to merge\*\*/),
  ]);
  expect(done(stage, /\/issues\/\d+\/comments$/)).toHaveLength(4);

  const runs = shop.checkRuns().filter(({ app }) => app?.slug === "countersign");
  expect(runs).toHaveLength(3);
  expect(new Set(runs.map(({ external_id }) => external_id)).size).toBe(3);

  expect([...shop.refs().keys()].sort()).toEqual(["refs/heads/countersign/d-1", "refs/heads/main"]);
  expect(done(stage, /\/git\/refs$/)).toHaveLength(1);
  expect(shop.commit("countersign/d-1")?.parents.map(({ sha }) => sha)).toEqual([shop.head()]);
  expect(shop.pulls()).toHaveLength(1);
  expect(done(stage, /\/pulls$/)).toHaveLength(1);

  expect(shop.reactions(issue)).toEqual([{ content: "eyes", login: "countersign[bot]" }]);
  for (const { body, reactedBy } of stage.comments(issue)) {
    expect(reactedBy).toHaveLength(body.startsWith("/approve") ? 1 : 0);
  }
  expect(shop.issue(issue).labels.map(({ name }) => name)).toEqual(["countersign"]);
  expect(github.unknownRequests()).toEqual([]);
}

export const expectVerifiedLedger = async (sql: Sql): Promise<void> => {
  expect(await verifyStored(sql, "D-1")).toMatchObject({ ok: true });
};
