// The detectors detect: each is shown what it is there for, in the payloads as they are written and in one text of our own.
import { describe, expect, it } from "vitest";
import { canary, leaksIn, shapesOf } from "./canaries.ts";
import { type Allowed, harmsOf } from "./detectors.ts";
import { outboundOf } from "./outbound.ts";
import { GROUPS } from "./payloads/all.ts";

const allowed: Allowed = {
  people: ["octocat", "mona"],
  origins: ["https://github.com/"],
  closes: ["Closes #1"],
};
const markdown = (text: string, isNew = true) => harmsOf({ kind: "markdown", text, isNew }, allowed);
const commit = (text: string) => harmsOf({ kind: "commit", text, isNew: true }, allowed);

const FOUND: readonly (readonly [string, RegExp])[] = [
  ["cc @victim", /mentions @victim/],
  ["cc @acme/team", /mentions @acme\/team/],
  ["&#64;victim", /mentions/],
  ["fixes #2", /closes: fixes #2/],
  ["Closes #12", /closes: Closes #12/],
  ["acme/payroll#2", /refers to/],
  ["GH-7", /refers to/],
  ["![x](https://github.com/a.png)", /an image/],
  ["<img src=x>", /HTML/],
  ["[x](https://evil.example)", /a link/],
  ["https://evil.example", /a link/],
  ["www.evil.example", /a link/],
  ["deadbee4", /a commit/],
  ["</details><b>x</b>", /HTML/],
  ["a\u202Eb", /hidden/],
  ["`a\u200Bb`", /hidden/],
  ["text\n\n/approve", /a command/],
  ["```suggestion\nx\n```", /drawn/],
  ['```mermaid\ngraph TD\nclick A "x"\n```', /diagram/],
  [`x <!-- countersign ${"0".repeat(40)} --> y`, /marker/],
  [`<!-- countersign ${"0".repeat(40)} -->\n\n<!-- countersign ${"1".repeat(40)} -->`, /second marker/],
  ["[a]: https://evil.example", /definition/],
];

describe("in Markdown", () => {
  it.each(FOUND)("%j is found", (text, what) => {
    expect(markdown(text).join("\n")).toMatch(what);
  });

  it("our own people are mentioned in what is new, and in nothing that is edited", () => {
    expect(markdown("cc @octocat")).toEqual([]);
    expect(markdown("cc @octocat", false)).not.toEqual([]);
  });

  it("what only looks so is nothing", () => {
    const text =
      "`@victim` `fixes #2` and\n\n```text\n/approve\n@victim\n```\n\n<details><summary>x</summary>\n\ny\n\n</details>";
    expect(markdown(`${text}\n\nCloses #1\n\n<!-- countersign ${"a".repeat(40)} -->`)).toEqual([]);
  });
});

describe("in commit messages and names", () => {
  it.each([
    ["fixes #2", /closes/],
    ["cc `@victim`", /mentions/],
    ["x\n\nCo-authored-by: m\n\nCountersign-Delivery: D-1", /a trailer/],
    ["x\n\nCountersign-Approved-By: nobody", /among the trailers/],
    ["x [skip ci]", /skips/],
  ])("%j is found", (text, what) => {
    expect(commit(text).join("\n")).toMatch(what);
  });

  it("our own message is none of it", () => {
    const trailers = ["Countersign-Delivery: D-1", `Countersign-Approved-By: octocat 5 ${"a".repeat(64)}`];
    expect(commit(`Title\n\nBody of it.\n\n${trailers.join("\n")}`)).toEqual([]);
  });

  it("a branch is named by numbers alone", () => {
    const named = (text: string) => harmsOf({ kind: "name", text, isNew: true }, allowed);
    expect(named("refs/heads/countersign/d-1")).toEqual([]);
    expect(named("refs/heads/x\n/approve")).not.toEqual([]);
  });
});

it("secrets are found in every shape", () => {
  const secret = canary("x");
  const wrapped = (text: string) => Math.sign(leaksIn([{ where: "x", text }], { secret }).length);
  for (const shape of shapesOf(secret)) expect(wrapped(`before ${shape} after`)).toBe(1);
  for (const lead of ["", "a", "ab"]) {
    expect(wrapped(Buffer.from(`${lead}${secret} and more`).toString("base64"))).toBe(1);
  }
  expect(wrapped("nothing of the kind")).toBe(0);
});

it("each place of a request is read", () => {
  const request = (method: string, path: string, body: unknown) => ({
    ...{ seq: 1, at: new Date(0), query: "", app: "countersign", tokenId: 1, permissions: null, known: true },
    ...{ status: 201, performed: true, method, path, body },
  });
  const read = outboundOf([
    request("POST", "/repositories/1/issues/1/comments", { body: "one" }),
    request("POST", "/repositories/1/check-runs", {
      name: "two",
      output: { title: "three", summary: "four", text: "five", annotations: [{ title: "six", message: "seven" }] },
      actions: [{ label: "eight", identifier: "nine", description: "ten" }],
    }),
    request("POST", "/repositories/1/pulls", { title: "eleven", body: "twelve", head: "thirteen" }),
    request("POST", "/repositories/1/git/commits", { message: "fourteen" }),
    request("POST", "/repositories/1/git/refs", { ref: "fifteen" }),
    request("POST", "/repositories/1/issues/1/labels", { labels: ["sixteen"] }),
    request("GET", "/repositories/1/issues/1/comments", { body: "nothing" }),
  ]);
  const words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
  const more = ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"];
  expect(read.map(({ text }) => text).sort()).toEqual([...words, ...more].sort());
});

/** Payloads that do nothing to Markdown: they are there for other readers. */
const HARMLESS_HERE = new Set(["authority", "trailers", "disguises", "orders", "forgery", "fences", "html", "hidden"]);

it.each(GROUPS.filter(({ name }) => !HARMLESS_HERE.has(name)))(
  "payloads of $name act where nothing defuses them",
  ({ words }) => {
    const idle = words
      .filter(({ text }) => markdown(text).length === 0 && commit(text).length === 0)
      .map(({ id }) => id);
    expect(idle.length).toBeLessThanOrEqual(words.length / 4);
  },
);
