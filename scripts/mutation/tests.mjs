// Stands in for "vitest" where mutants are judged: gathers suites and tests once, so that each can run again and again in one process.

import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

const { expect, expectTypeOf, assert, chai, vi } = await import(
  pathToFileURL(`${process.cwd()}/node_modules/vitest/dist/index.js`).href
);

const suiteOf = (name, parent) => ({
  name,
  parent,
  tests: [],
  hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] },
});

let current = null;
const collected = [];

/** The tests of one file, in their order. `load` imports it. */
export async function collect(file, load) {
  current = suiteOf(file, null);
  collected.length = 0;
  await load();
  return collected.map((test, at) => ({ ...test, id: `${test.path.join(" > ")}#${at}`, file }));
}

const pathOf = (suite) => (suite === null ? [] : [...pathOf(suite.parent), suite.name]);

const addTest = (name, ...rest) => {
  const fn = rest.find((each) => typeof each === "function");
  if (fn === undefined) return;
  collected.push({ path: [...pathOf(current), String(name)], name: String(name), suite: current, fn });
};

const addSuite = (name, ...rest) => {
  const fn = rest.find((each) => typeof each === "function");
  current = suiteOf(String(name), current);
  fn?.();
  current = current.parent;
};

const each =
  (add) =>
  (table) =>
  (name, ...rest) => {
    const fn = rest.find((one) => typeof one === "function");
    for (const row of table) {
      const given = Array.isArray(row) ? row : [row];
      add(`${name} ${inspect(given[0], { depth: 1, breakLength: Number.POSITIVE_INFINITY }).slice(0, 80)}`, () =>
        fn(...given),
      );
    }
  };

const none = () => {};
none.each = () => none;

const withMods = (add) =>
  Object.assign(add, {
    each: each(add),
    skip: none,
    runIf: (condition) => (condition ? add : none),
    skipIf: (condition) => (condition ? none : add),
  });

export const it = withMods(addTest);
export const describe = withMods(addSuite);
const hook = (kind) => (fn) => void current.hooks[kind].push(fn);
export const beforeAll = hook("beforeAll");
export const afterAll = hook("afterAll");
export const beforeEach = hook("beforeEach");
export const afterEach = hook("afterEach");

/** What a snapshot is without a mutant, by test and count; the stored ones are vitest's business. */
const kept = new Map();
export const snapshots = { test: "", count: 0, recording: false };

/** A snapshot that nobody has seen without a mutant: the test must run once so. */
export class NoSnapshot extends Error {}

function compare() {
  const value = chai.util.flag(this, "object");
  const key = `${snapshots.test}/${snapshots.count++}`;
  const shown = inspect(value, {
    depth: 50,
    breakLength: 120,
    maxArrayLength: null,
    maxStringLength: null,
    sorted: true,
  });
  if (snapshots.recording) kept.set(key, shown);
  else if (!kept.has(key)) throw new NoSnapshot(key);
  if (kept.get(key) !== shown) throw new Error("is not as its snapshot");
}
for (const name of ["toMatchSnapshot", "toMatchFileSnapshot"])
  chai.util.addMethod(chai.Assertion.prototype, name, compare);

export { assert, chai, expect, expectTypeOf, vi };
