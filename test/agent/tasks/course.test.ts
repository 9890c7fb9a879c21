// How far a job has come: what is asked next, when a repository is joined, and who is asked again when something goes back.
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  begin,
  type Course,
  finished,
  joinedNow,
  next,
  sentBack,
  sentBackUnfit,
  standsOnNew,
} from "../../../src/agent/tasks/course.ts";
import { inOrder } from "../../../src/agent/tasks/order.ts";
import { runs } from "../../support/runs.ts";

const task = (id: string, repository: string, ...dependsOn: string[]) => ({ id, repository, dependsOn });
const done = (course: Course, ...ids: string[]): Course => ids.reduce((now, id) => finished(now, id, true), course);

it("asks task after task, and joins a repository as soon as it is whole", () => {
  let course = begin([task("T1", "a/a"), task("T2", "a/a"), task("T3", "b/b")]);
  expect(next(course)).toEqual({ kind: "ask", id: "T1" });
  course = done(course, "T1");
  expect(next(course)).toEqual({ kind: "ask", id: "T2" });
  course = done(course, "T2");
  expect(next(course)).toEqual({ kind: "join", repository: "a/a" });
  course = joinedNow(course, "a/a");
  expect(next(course)).toEqual({ kind: "ask", id: "T3" });
  course = joinedNow(done(course, "T3"), "b/b");
  expect(next(course)).toEqual({ kind: "end" });
});

it("asks those again that stand on what went back, in every repository, and nobody else", () => {
  const tasks = [task("T1", "a/a"), task("T2", "a/a"), task("T3", "b/b", "T1"), task("T4", "c/c")];
  let course = done(begin(tasks), "T1", "T2", "T3", "T4");
  for (const name of ["a/a", "b/b", "c/c"]) course = joinedNow(course, name);
  course = sentBack(course, ["T1"]);
  expect([[...course.done], [...course.joined]]).toEqual([["T2", "T4"], ["c/c"]]);
  expect(next(course)).toEqual({ kind: "ask", id: "T1" });
});

it("lets edits of before stand only where nothing under them was made anew", () => {
  const tasks = [task("T1", "a/a"), task("T2", "a/a"), task("T3", "a/a", "T1")];
  const stands = finished(begin(tasks), "T1", false);
  expect(standsOnNew(stands, "T3")).toBe(false);
  expect(standsOnNew(done(stands, "T1"), "T3")).toBe(true);
  expect(standsOnNew(done(stands, "T1"), "T2")).toBe(false);
});

it("comes to an end however often something goes back, as long as that is bounded", () => {
  const tasks = fc
    .array(fc.tuple(fc.nat(2), fc.array(fc.nat(20), { maxLength: 2 })), { minLength: 1, maxLength: 8 })
    .map((rows) =>
      rows.map(([repo, on], at) =>
        task(`T${at + 1}`, `a/${repo}`, ...on.filter((one) => one < at).map((one) => `T${one + 1}`)),
      ),
    );
  fc.assert(
    fc.property(tasks, fc.array(fc.nat(7), { maxLength: 6 }), (plan, backs) => {
      let course = begin(inOrder(plan));
      const left = [...backs];
      const asked: string[] = [];
      for (let step = next(course), steps = 0; step.kind !== "end"; step = next(course), steps += 1) {
        expect(steps).toBeLessThan(200);
        if (step.kind === "ask") {
          asked.push(step.id);
          const { id } = step;
          for (const on of plan.find((one) => one.id === id)?.dependsOn ?? []) expect(course.done).toContain(on);
          course = done(course, id);
          continue;
        }
        const { repository } = step;
        const here = plan.filter((one) => one.repository === repository);
        const back = left.pop();
        const id = back === undefined ? undefined : here[back % here.length]?.id;
        course = id === undefined ? joinedNow(course, repository) : sentBack(course, [id]);
      }
      expect(new Set(asked).size).toBe(plan.length);
    }),
    runs(60),
  );
});

it("comes to an end where the same edits never fit together: so many rounds a task, by repository", () => {
  const tasks = [task("T1", "a/a"), task("T2", "a/a"), task("T3", "b/b")];
  for (const rounds of [1, 3]) {
    let course: Course | null = joinedNow(done(begin(tasks), "T1", "T2", "T3"), "b/b");
    let times = 0;
    for (; course !== null && times < 100; times += 1) {
      const before: Course = done(course, "T1", "T2");
      expect(next(before)).toEqual({ kind: "join", repository: "a/a" });
      course = sentBackUnfit(before, "a/a", ["T2"], rounds);
      if (course !== null) expect(next(course)).toEqual({ kind: "ask", id: "T2" });
    }
    expect(times).toBe(2 * rounds + 1);
  }
  const spent = sentBackUnfit(done(begin(tasks), "T1", "T2", "T3"), "a/a", ["T1"], 1);
  expect(spent === null ? null : sentBackUnfit(spent, "b/b", ["T3"], 1)).not.toBeNull();
});
