// The scripted model on the wire: what the openai client makes of its answers and of everything that goes wrong.
import OpenAI, { APIConnectionError, APIError } from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { answer, broken, overloaded, type Reply } from "../../demo/model/reply.ts";
import { type Script, type ScriptedModel, startScriptedModel } from "../../demo/model/scripted-model.ts";
import { HAPPY_ANSWERS, REFUSALS_ANSWERS, REPOSITORY } from "../../demo/repository/demo-repository.ts";
import { SEARCH, TWO_ANSWERS } from "../../demo/repository/two-repositories.ts";
import { EditsDocument } from "../../src/artifacts/edits.ts";
import { PlanDocument } from "../../src/artifacts/plan.ts";
import { TriageDocument } from "../../src/artifacts/triage.ts";

const Verdict = z.object({ decision: z.enum(["GO", "NO_GO"]) });

let model: ScriptedModel;
afterEach(() => model.close());

const clientOf = (maxRetries = 0, apiKey = "key") => new OpenAI({ apiKey, baseURL: model.baseUrl, maxRetries });
const asking = (maxRetries = 0) =>
  clientOf(maxRetries).chat.completions.create({
    model: "small",
    messages: [{ role: "user", content: "Is it ready?" }],
    response_format: zodResponseFormat(Verdict, "triage"),
  });
const saying = async (reply: Reply | readonly Reply[]) => {
  model = await startScriptedModel({ answers: { triage: reply } });
};

test("both styles bring the same structured answer, with the tokens that it took", async () => {
  await saying(answer({ decision: "GO" }));
  const chat = await clientOf().chat.completions.parse({
    model: "small",
    messages: [{ role: "user", content: "Is it ready?" }],
    response_format: zodResponseFormat(Verdict, "triage"),
  });
  expect(chat.choices[0]?.message.parsed).toEqual({ decision: "GO" });
  const response = await clientOf().responses.parse({
    model: "small",
    input: "Is it ready?",
    text: { format: zodTextFormat(Verdict, "triage") },
  });
  expect(response.output_parsed).toEqual({ decision: "GO" });
  expect(chat.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 5 });
  expect(response.usage).toMatchObject({ input_tokens: 3, output_tokens: 5 });
  expect(model.tokens()).toBe(16);
  expect(model.requests.map(({ style, role, prompt, nth }) => [style, role, prompt, nth])).toEqual([
    ["chat", "triage", "Is it ready?", 1],
    ["responses", "triage", "Is it ready?", 2],
  ]);
});

test("a role says one thing after the other, and the last again and again", async () => {
  await saying([answer({ decision: "NO_GO" }), answer({ decision: "GO" })]);
  const said = [];
  for (let nth = 0; nth < 3; nth += 1) said.push((await asking()).choices[0]?.message.content);
  expect(said).toEqual(['{"decision":"NO_GO"}', '{"decision":"GO"}', '{"decision":"GO"}']);
});

test("a role that the script does not know is an error, never an invented answer", async () => {
  model = await startScriptedModel({ answers: {} });
  await expect(asking()).rejects.toMatchObject({ status: 400 });
});

test("refusals, cuts, emptiness and nonsense look as they do on the wire", async () => {
  await saying([
    { kind: "refusal", text: "I cannot" },
    { kind: "truncated", text: '{"decision":' },
    { kind: "empty" },
    { kind: "text", text: "Sure! ```json" },
  ]);
  const choices = [];
  for (let nth = 0; nth < 4; nth += 1) choices.push((await asking()).choices[0]);
  expect(choices.map((choice) => [choice?.finish_reason, choice?.message.content, choice?.message.refusal])).toEqual([
    ["stop", null, "I cannot"],
    ["length", '{"decision":', null],
    ["stop", "", null],
    ["stop", "Sure! ```json", null],
  ]);
});

test("limits and server errors are retried by the client, and counted by nobody", async () => {
  await saying([overloaded(0), broken(502), answer({ decision: "GO" })]);
  expect((await asking(2)).choices[0]?.message.content).toBe('{"decision":"GO"}');
  expect(model.requests.map(({ reply, usage }) => [reply, usage === null])).toEqual([
    ["status", true],
    ["status", true],
    ["answer", false],
  ]);
  await model.close();
  await saying(overloaded(7));
  const limited = await asking().catch((error: unknown) => error);
  if (!(limited instanceof APIError)) throw limited;
  expect([limited.status, limited.headers?.get("retry-after")]).toEqual([429, "7"]);
});

test("a body that breaks off, and one that is alien, are no answer", async () => {
  await saying([{ kind: "drop" }, { kind: "alien", body: "<html>", contentType: "text/html" }]);
  await expect(asking()).rejects.toThrow();
  expect(await asking()).toBe("<html>");
  expect(model.tokens()).toBe(0);
});

test("an endpoint that drips or is silent is left when patience ends", async () => {
  await saying([{ kind: "silence" }]);
  const client = new OpenAI({ apiKey: "key", baseURL: model.baseUrl, maxRetries: 0, timeout: 50 });
  const ask = () =>
    client.chat.completions.create({
      model: "small",
      messages: [{ role: "user", content: "?" }],
      response_format: zodResponseFormat(Verdict, "triage"),
    });
  await expect(ask()).rejects.toBeInstanceOf(APIConnectionError);
  // Patience may have ended before the request arrived, so the next answer does not depend on how many there were.
  model.say("triage", { kind: "drip", value: { decision: "GO" }, everyMs: 1 });
  expect((await asking()).choices[0]?.message.content).toBe('{"decision":"GO"}');
});

test("the key is checked where one is set, and an unknown style is not found", async () => {
  model = await startScriptedModel({
    answers: { triage: answer({ decision: "GO" }) },
    apiKey: "right",
    styles: ["responses"],
  });
  await expect(asking()).rejects.toMatchObject({ status: 404 });
  const ask = (key: string) =>
    clientOf(0, key).responses.create({
      model: "small",
      input: "?",
      text: { format: zodTextFormat(Verdict, "triage") },
    });
  await expect(ask("wrong")).rejects.toMatchObject({ status: 401 });
  expect((await ask("right")).status).toBe("completed");
});

/** All that a script can say in the demo; one that depends is asked as a proposer in each repository would be. */
const repliesOf = (script: Script): readonly Reply[] => {
  if (typeof script !== "function") return [script].flat();
  const asked = { style: "chat", model: "small", role: "edits", body: {} } as const;
  return [REPOSITORY, SEARCH].map((name) =>
    script({ ...asked, prompt: `in the repository ${name}, and only there` }, 1),
  );
};

test("what the demo's scripts say is what the roles must bring", async () => {
  model = await startScriptedModel({ answers: {} });
  const schemas = { triage: TriageDocument, plan: PlanDocument, edits: EditsDocument };
  for (const answers of [HAPPY_ANSWERS, REFUSALS_ANSWERS, TWO_ANSWERS]) {
    for (const role of ["triage", "plan", "edits"] as const) {
      const replies = repliesOf(answers[role]);
      for (const reply of replies) {
        if (reply.kind !== "answer") throw new Error(`${role} does not answer`);
        expect(schemas[role].safeParse(reply.value).error, role).toBeUndefined();
      }
    }
  }
});
