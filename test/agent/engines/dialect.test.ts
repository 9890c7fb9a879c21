// What an endpoint has turned out not to take is left out for an hour, and then tried again.
import { expect, it } from "vitest";
import { dialectMemory, richest } from "../../../src/agent/engines/openai/dialect.ts";

const HOUR = 60 * 60 * 1_000;
const poorer = { ...richest("auto"), api: "chat", format: "json_object", tools: false } as const;

it("is believed for an hour from when it was found out, however often it is used", () => {
  let now = 0;
  const memory = dialectMemory("auto", () => now);
  memory.keep("m", poorer);
  now = HOUR - 1;
  expect(memory.of("m")).toEqual(poorer);
  memory.keep("m", poorer);
  now = HOUR;
  expect(memory.of("m")).toEqual(richest("auto"));
});

it("holds for one model, but for the interface, which is the endpoint's", () => {
  const memory = dialectMemory("auto", () => 0);
  memory.keep("m", poorer);
  expect(memory.of("another")).toEqual({ ...richest("auto"), api: "chat" });
});

it("never leaves the interface that was chosen", () => {
  let now = 0;
  const memory = dialectMemory("chat", () => now);
  memory.keep("m", poorer);
  now = 2 * HOUR;
  expect(memory.of("m").api).toBe("chat");
});
