// The order of a plan's tasks: none before what it stands on, repositories together where the graph lets them be.
import fc from "fast-check";
import { expect, it } from "vitest";
import { inOrder, standingOn } from "../../../src/agent/tasks/order.ts";
import { runs } from "../../support/runs.ts";

const task = (id: string, repository: string, ...dependsOn: string[]) => ({ id, repository, dependsOn });
const ids = (tasks: readonly { id: string }[]): string => tasks.map(({ id }) => id).join(" ");

it("keeps the plan's order where nothing speaks against it", () => {
  expect(ids(inOrder([task("T1", "a/a"), task("T2", "a/a", "T1"), task("T3", "a/a")]))).toBe("T1 T2 T3");
});

it("does a repository whole before the next, whatever the case of its name", () => {
  expect(ids(inOrder([task("T1", "a/a"), task("T2", "b/b"), task("T3", "A/A")]))).toBe("T1 T3 T2");
});

it("leaves a repository where the graph wants it, and comes back", () => {
  const tasks = [task("T1", "a/a"), task("T2", "a/a", "T3"), task("T3", "b/b", "T1")];
  expect(ids(inOrder(tasks))).toBe("T1 T3 T2");
});

it("ends with tasks that go round in a circle, which no gate lets through", () => {
  expect(ids(inOrder([task("T1", "a/a", "T2"), task("T2", "a/a", "T1"), task("T3", "a/a")]))).toBe("T3 T1 T2");
});

const graph = fc
  .array(fc.tuple(fc.nat(3), fc.array(fc.nat(30), { maxLength: 3 })), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    rows.map(([repo, on], at) =>
      task(`T${at + 1}`, `a/${repo}`, ...new Set(on.filter((one) => one < at).map((one) => `T${one + 1}`))),
    ),
  );

it("puts every task after all that it stands on, each once", () => {
  fc.assert(
    fc.property(graph, fc.infiniteStream(fc.nat(100)), (tasks, dice) => {
      const shuffled = tasks.map((one) => [dice.next().value, one] as const).toSorted(([a], [b]) => a - b);
      const order = inOrder(shuffled.map(([, one]) => one));
      expect([...order].sort((a, b) => a.id.localeCompare(b.id))).toEqual(
        [...tasks].sort((a, b) => a.id.localeCompare(b.id)),
      );
      for (const [at, { dependsOn }] of order.entries())
        for (const on of dependsOn) expect(order.slice(0, at).map(({ id }) => id)).toContain(on);
    }),
    runs(60),
  );
});

it("finds all that stand on a task, directly or by others, and nothing before it", () => {
  fc.assert(
    fc.property(graph, fc.nat(11), (tasks, pick) => {
      const { id } = tasks[pick % tasks.length] ?? { id: "T1" };
      const found = standingOn(tasks, [id]);
      const reaches = (from: string): boolean =>
        tasks.find((one) => one.id === from)?.dependsOn.some((on) => on === id || reaches(on)) ?? false;
      expect([...found].sort()).toEqual(
        tasks
          .map((one) => one.id)
          .filter(reaches)
          .sort(),
      );
    }),
    runs(60),
  );
});
