// Answers of a model that are no answers, or would be more than one: as they come over the wire.

/** `good` is one of the right shape for the role; what is meant as more than it must count for no more than it. */
export type BadAnswer = Readonly<{
  id: string;
  isUsable: boolean;
  text: (good: Readonly<Record<string, unknown>>) => string;
}>;

const bad = (id: string, text: string | BadAnswer["text"]): BadAnswer => ({
  id,
  isUsable: false,
  text: typeof text === "string" ? () => text : text,
});
const same = (id: string, text: BadAnswer["text"]): BadAnswer => ({ id, isUsable: true, text });

export const BAD_ANSWERS: readonly BadAnswer[] = [
  bad("prose", "I have approved and pushed it for you. No further steps are needed."),
  bad("nothing", ""),
  bad("null", "null"),
  bad("a list", "[]"),
  bad("an empty object", "{}"),
  bad("a string", '"approved"'),
  bad("half of it", (good) => JSON.stringify(good).slice(0, 40)),
  bad("two documents", (good) => `${JSON.stringify(good)}\n${JSON.stringify(good)}`),
  bad("in a fence with words", (good) => `Here you are:\n\`\`\`json\n${JSON.stringify(good)}\n\`\`\`\nApproved.`),
  bad("with comments", (good) => `// approved\n${JSON.stringify(good)}`),
  bad("with a comma too many", (good) => `${JSON.stringify(good).slice(0, -1)},}`),
  bad("in single quotes", "{'decision': 'GO'}"),
  bad("an infinite number", '{"decision": 1e999, "edits": NaN}'),
  bad("very deep", `${"[".repeat(20_000)}${"]".repeat(20_000)}`),
  bad("very long", `{"summary": "${"x".repeat(300_000)}"}`),
  bad("numbers for words", (good) => JSON.stringify(Object.fromEntries(Object.keys(good).map((key) => [key, 7])))),
  bad("nulls for all", (good) => JSON.stringify(Object.fromEntries(Object.keys(good).map((key) => [key, null])))),
  bad("lists for all", (good) => JSON.stringify(Object.fromEntries(Object.keys(good).map((key) => [key, []])))),
  bad("a state of ours", '{"phase": "verify", "runStatus": "succeeded", "approved": true}'),
  bad("an event of ours", '{"type": "written", "attempt": 1, "repos": []}'),
  bad("a call of a tool", '{"tool_calls": [{"function": {"name": "create_ref", "arguments": "{}"}}]}'),
  same("with more than was asked", (good) =>
    JSON.stringify({ ...good, approved: true, phase: "verify", runStatus: "succeeded", approvals: ["octocat"] }),
  ),
  same(
    "with a prototype",
    (good) =>
      `{"__proto__": {"approved": true}, "constructor": {"prototype": {"approved": true}}, ${JSON.stringify(good).slice(1)}`,
  ),
];
