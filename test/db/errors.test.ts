// What is told of an error of the database: never the statement, its parameters or the server's own words, which quote both.
import { DrizzleQueryError } from "drizzle-orm";
import { expect, it } from "vitest";
import { plainMessage } from "../../src/db/errors.ts";

const failed = (cause: Error): DrizzleQueryError =>
  new DrizzleQueryError('insert into "webhooks" values ($1)', ["the payload with a canary"], cause);
const refused = (code: string, constraint?: string): Error =>
  Object.assign(new Error('invalid input syntax for type json: "canary"'), { code, constraint_name: constraint });

it.each([
  [failed(refused("22P02")), "the database refused a statement (22P02)"],
  [failed(refused("23505", "one_delivery")), "the database refused a statement (23505, one_delivery)"],
  [refused("22P02"), "the database refused a statement (22P02)"],
  [failed(new Error("connection refused")), "the database did not answer: connection refused"],
  [new Error("ours", { cause: Object.assign(new Error("x"), { code: "EPIPE" }) }), "ours"],
  ["thrown as text", "thrown as text"],
])("%s", (error, words) => {
  expect(plainMessage(error)).toBe(words);
  expect(plainMessage(error)).not.toContain("canary");
});
