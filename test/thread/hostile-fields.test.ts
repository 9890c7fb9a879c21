// Every text in a view is an attacker's, one after the other, unless its form is known not to be: whoever adds a field and
// shows it as it is finds out here.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import type { DeliveryView } from "../../src/thread/delivery-view.ts";
import { publicationsOf } from "../../src/thread/publications.ts";
import { runs } from "../support/runs.ts";
import { hostileText } from "./support/hostile.ts";
import { MERGES } from "./support/merges.ts";
import { harmsOfOurs, textsOf } from "./support/ours.ts";
import { VARIANTS } from "./support/variants.ts";
import { DONE, PLACE, STATIONS } from "./support/world.ts";

/** Fields that cannot hold just anything, with what sees to it. */
const FORMED: readonly RegExp[] = [
  // The machine's own words: closed unions, parsed from the database.
  /^state\b/,
  /(?:^|\.)(?:phase|endedAs|reason|hold|kind|role|visibility|severity|meaning|outcome|stands|requester|as|what|why)$/,
  /^settings\.requester$/,
  /^decisions\.\d+\.command$/,
  // Digests, object names, modes, times: checked by pattern where they come in.
  /(?:^|\.)(?:\w*[dD]igest|\w*Sha|\w*Blob|\w*Mode|\w*Hash|\w*At|\w*Since|head|tree|traceId|at|since|last|policyVersion)$/,
  /^provenance\.\d+\.judged\.(?:commit|verdict\.(?:base|why)|commits\.\d+\.sha)$/,
  /^observed\.merges\.\d+\.commit$|^undoes\.order\.repositories\.\d+\.(?:merge|before|onto)$/,
  // Names that GitHub gives: accounts, repositories, and the branch that bears our number.
  /(?:^|\.)login$|^requester$|^(?:undoes\.order\.)?repositories\.\d+\.name$|^repositories\.\d+\.branch\.name$|^issue\.repository$/,
  /^patchSets\.\d+\.text\.branch$/,
  // The configuration's own patterns.
  /^settings\.(?:approvers|gateApprovers|prefix|labels)\b/,
  // Ids of tasks and criteria, by the plan's schema.
  /(?:^|\.)(?:tasks|criteria)\.\d+\.id$|\.files\.\d+\.tasks\.\d+$/,
  /(?:^|\.)(?:tasks)\.\d+\.repository$/,
  /^patchSets\.\d+\.judged\.\d+\.(?:criterion|verdict)$/,
  // Ours: keys of publications and where GitHub said that they are.
  /^published\.\d+\.(?:key|url)$|^undoes\.url$/,
];

const Node = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

const leavesOf = (value: unknown, path = ""): readonly string[] => {
  if (typeof value === "string") return FORMED.some((form) => form.test(path)) ? [] : [path];
  const node = Node.safeParse(value);
  if (!node.success) return [];
  return Object.entries(node.data).flatMap(([key, inside]) => leavesOf(inside, path === "" ? key : `${path}.${key}`));
};

/** A copy with these leaves replaced. */
const withLeaves = <T>(value: T, texts: ReadonlyMap<string, string>): T => {
  const copy = structuredClone(value);
  for (const [path, text] of texts) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let at: object = Object(copy);
    for (const key of keys) at = Object(Reflect.get(at, key));
    Reflect.set(at, last, text);
  }
  return copy;
};

const views: readonly (readonly [name: string, view: DeliveryView])[] = Object.entries({
  ...STATIONS,
  ...VARIANTS,
  ...MERGES,
  DONE,
});

test("there is something to attack in what is shown", () => {
  const all = new Set(views.flatMap(([, view]) => leavesOf(view).map((path) => path.replace(/\d+/g, "n"))));
  expect(all.size).toBeGreaterThan(50);
  for (const path of [
    "plans.n.document.title",
    "patchSets.n.files.n.path",
    "runs.n.model",
    "repositories.n.baseBranch",
  ]) {
    expect(all).toContain(path);
  }
});

test.each(views)("whatever stands in the texts of %s, nothing acts", (_name, view) => {
  const paths = leavesOf(view);
  fc.assert(
    fc.property(fc.array(hostileText(), { minLength: paths.length, maxLength: paths.length }), (texts) => {
      const hostile = withLeaves(view, new Map(paths.map((path, at) => [path, texts[at] || "x"])));
      for (const one of publicationsOf(hostile, PLACE)) {
        for (const text of textsOf(one)) expect(harmsOfOurs(text)).toEqual([]);
        if (one.kind === "check_run") {
          for (const words of [one.draft.name, one.draft.title, ...one.draft.actions.map(({ label }) => label)]) {
            expect(words).not.toMatch(/[\n@<>]|:\/\/|#\d(?!\d*$)/);
          }
          for (const { title, message } of one.draft.annotations ?? []) {
            expect(`${title}: ${message}`).not.toMatch(
              /\n|\p{Cc}|\p{Bidi_Control}|[\u200B\u2060]|:\/\/|(?:^|\W)@\w|#\d/u,
            );
          }
        }
        if (one.kind === "label") expect(one.label).toMatch(/^countersign:[a-z-]+$/);
      }
    }),
    runs(1),
  );
});

test("code spans are made where what stands in them is known to stay there, and nowhere else", () => {
  const made = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((path) => /^(?:thread|wiring|provenance|admission)\/.*\.ts$/.test(path) && !path.includes("/defuse/"))
    .filter((path) => readFileSync(join("src", path), "utf8").includes("\\`${"));
  // Names of keys of the configuration.
  expect(made).toEqual(["thread/words/who-may.ts"]);
});
