// Calls that come together go together, each with its own answer.
import { expect, it } from "vitest";
import { batched } from "../../src/jobs/batched.ts";

it("sends the first at once, what comes meanwhile together, and answers each", async () => {
  const calls: number[][] = [];
  const gate = Promise.withResolvers<void>();
  const double = batched(async (items: readonly number[]) => {
    calls.push([...items]);
    if (calls.length === 1) await gate.promise;
    return items.map((item) => item * 2);
  });
  const answers = [1, 2, 3].map((item) => double(item));
  gate.resolve();
  expect(await Promise.all(answers)).toEqual([2, 4, 6]);
  expect(calls).toEqual([[1], [2, 3]]);
  expect(await double(4)).toBe(8);
});

it("fails those of one call alone, and goes on", async () => {
  let calls = 0;
  const flaky = batched(async (items: readonly number[]) => {
    if (++calls === 1) throw new Error("away");
    return items;
  });
  const [first, second] = [flaky(1), flaky(2)];
  await expect(first).rejects.toThrow("away");
  expect(await second).toBe(2);
});

it("lets nobody wait for an answer that does not come", async () => {
  const short = batched(async (items: readonly number[]) => items.slice(1));
  await expect(short(1)).rejects.toThrow("answered too little");
});
