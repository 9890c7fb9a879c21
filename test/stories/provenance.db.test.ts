// `countersign / provenance` on one pull request, push by push: green while it holds what was approved and nothing else, and after the end too.
import { afterAll, beforeAll, expect, it } from "vitest";
import { toPull } from "../support/on-the-way.ts";
import { conclusionOf, judgedInLedger, provenanceOf, verdictsOf } from "../support/provenance.ts";
import { ledgerOf, mustChangeNothing, quiet, rowOf, stateOf } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World;
let issue: number;
let pull: Awaited<ReturnType<typeof toPull>>["pull"];
let branch: string;

beforeAll(async () => {
  world = await openWorld();
  ({ issue, pull } = await toPull(world));
  branch = pull.head.ref;
});
afterAll(() => world.close());

const approver = () => world.github.as(PEOPLE.approver);
const owner = () => world.github.as(PEOPLE.owner);
const settled = async (sha: string, conclusion: string) => {
  await world.until(() => conclusionOf(world, sha) === conclusion, `provenance ${conclusion} on ${sha.slice(0, 7)}`);
  await quiet(world);
};

it("is green on our own commit, and stood in the ledger before", async () => {
  await settled(pull.head.sha, "success");
  const check = provenanceOf(world, pull.head.sha);
  expect(check?.output.title).toBe("The head is what was approved");
  expect(check?.output.summary).toMatch(/is exactly patch set 1 of D-1, approved by `octocat`/);
  expect(await judgedInLedger(world, issue)).toEqual([
    expect.objectContaining({ kind: "head", commit: pull.head.sha, verdict: "approved" }),
  ]);
  const actions = await ledgerOf(world, "D-1");
  expect(actions.indexOf("provenance_judged")).toBeGreaterThan(actions.indexOf("commit_created"));
});

it("stays green when the base is merged in, and the checks of the new head are those that count", async () => {
  owner().push("main", { "README.md": "Another shop.\n" });
  const merged = approver().mergeInto(branch, "main");
  await settled(merged, "success");
  expect(provenanceOf(world, merged)?.output.title).toBe("The head holds what was approved, and nothing else");
  expect(await stateOf(world, issue)).toBe("verify/running");
  await world.report(pull.head.sha, "success");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("verify/running");
  await world.report(merged, "success");
  await world.until(() => /It is over/.test(world.status(issue)), "the end");
  await quiet(world);
  expect(await stateOf(world, issue)).toBe("close/succeeded");
});

it("turns red on a push after the end, and names the commit, its author and the files", async () => {
  const before = world.shop.head(branch) ?? "";
  const stray = approver().push(branch, {
    "src/letters.js": "export const LETTERS = {};\n",
    "test/slug.test.js": { content: world.shop.text("test/slug.test.js", branch) ?? "", mode: "100755" },
    "src/back door.js": "steal();\n",
    "CONTRIBUTING.md": null,
  });
  await settled(stray, "failure");
  expect(await stateOf(world, issue)).toBe("close/succeeded");
  const summary = provenanceOf(world, stray)?.output.summary ?? "";
  expect(summary).toContain("- `src/letters.js`: other content than approved");
  expect(summary).toContain("- `test/slug.test.js`: mode `100755`, approved with `100644`");
  expect(summary).toContain("- `src/back door.js`: changed, which nobody approved");
  expect(summary).toContain("- `CONTRIBUTING.md`: removed, which nobody approved");
  expect(summary).not.toContain("`src/slug.js`");
  expect(summary).toContain(`- \`${stray.slice(0, 7)}\` by \`octocat\``);
  expect(conclusionOf(world, before)).toBe("success");
});

it("is countersigned by its code on the pull request, goes red with the next push, and green when that is gone", async () => {
  const stray = world.shop.head(branch) ?? "";
  const code = /`\/approve (\w+)`/.exec(provenanceOf(world, stray)?.output.summary ?? "")?.[1];
  const plain = await mustChangeNothing(world, issue, () => world.say(pull.number, PEOPLE.owner, "/approve"));
  expect(plain.ledger).toEqual(["command_received", "command.approve: refused: code_required"]);
  expect(await world.say(pull.number, PEOPLE.owner, `/approve ${code}`)).toBe("+1");
  await settled(stray, "success");
  expect(provenanceOf(world, stray)?.output.title).toBe("The head was countersigned");
  expect(await stateOf(world, issue)).toBe("close/succeeded");
  expect((await ledgerOf(world, "D-1")).slice(-4)).toContain("approval_recorded");

  const next = approver().push(branch, { "README.md": "One more.\n" });
  await settled(next, "failure");
  expect(provenanceOf(world, next)?.output.summary).not.toContain(`\`/approve ${code}\``);
  expect(provenanceOf(world, next)?.output.summary).toContain("- `README.md`");
  approver().forcePush(branch, stray);
  await quiet(world);
  expect((await rowOf(world, issue)).runStatus).toBe("succeeded");
  expect(conclusionOf(world, stray)).toBe("success");

  owner().push("main", { "CHANGES.md": "News.\n" });
  const merged = approver().mergeInto(branch, "main");
  await settled(merged, "success");
  expect(provenanceOf(world, merged)?.output.title).toBe("The head holds what was countersigned");
});

it("is red where a merge of the base was settled by hand in a file of ours, or takes back what the base did", async () => {
  approver().forcePush(branch, pull.head.sha);
  await quiet(world);
  expect(conclusionOf(world, pull.head.sha)).toBe("success");
  const ours = world.shop.text("src/slug.js", branch) ?? "";
  owner().push("main", { "src/slug.js": `// A fix of the base.\n${world.shop.text("src/slug.js") ?? ""}` });
  const settledByHand = approver().mergeInto(branch, "main", { "src/slug.js": `// A fix of the base.\n${ours}` });
  await settled(settledByHand, "failure");
  expect(provenanceOf(world, settledByHand)?.output.summary).toContain("- `src/slug.js`: other content than approved");
  approver().forcePush(branch, pull.head.sha);
  await quiet(world);
  const takenBack = approver().mergeInto(branch, "main", { "src/slug.js": ours });
  await settled(takenBack, "failure");
  expect(provenanceOf(world, takenBack)?.output.summary).toContain("which this would undo");
});

it("is red where GitHub's lists cannot be trusted", async () => {
  const forged = (body: unknown) => {
    const listed = Object(body);
    return { ...listed, tree: listed.tree.slice(1) };
  };
  const trees = { path: /\/git\/trees\//, app: "countersign" };
  world.github.faults.add(trees, { kind: "rewrite", body: forged }, { times: 1_000 });
  const head = approver().push(branch, { "src/slug.js": "export const slug = 1;\n" });
  await settled(head, "failure");
  expect(provenanceOf(world, head)?.output.title).toBe("The head could not be compared with what was approved");
  world.github.faults.clear();
  expect(await verdictsOf(world, issue)).toContain("head unproven");
  approver().forcePush(branch, pull.head.sha);
  await quiet(world);
  expect(conclusionOf(world, pull.head.sha)).toBe("success");
});
