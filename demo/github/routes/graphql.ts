// The one GraphQL mutation that the app uses. Everything else is answered as GitHub answers an unknown field.
import { z } from "zod";
import { holds, sees } from "../access.ts";
import type { Comment } from "../records.ts";
import { nodeId } from "../render/people.ts";
import { type Answer, type Route, read, type TokenCall, tokenRoute } from "../route.ts";

const Request = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });
const CLASSIFIERS = ["ABUSE", "DUPLICATE", "LOW_QUALITY", "OFF_TOPIC", "OUTDATED", "RESOLVED", "SPAM"];
const Input = z.object({ subjectId: z.string(), classifier: z.enum(CLASSIFIERS) });

const failed = (type: string, message: string): Answer => ({
  status: 200,
  body: { data: { minimizeComment: null }, errors: [{ type, path: ["minimizeComment"], message }] },
});

/** Reads `minimizeComment(input: …)`: one variable, or an object of variables and literals. */
const inputOf = (query: string, variables: Readonly<Record<string, unknown>>): unknown => {
  const whole = /minimizeComment\s*\(\s*input\s*:\s*\$(\w+)/.exec(query)?.[1];
  if (whole !== undefined) return variables[whole];
  const fields = /minimizeComment\s*\(\s*input\s*:\s*\{([^}]*)\}/.exec(query)?.[1] ?? "";
  const found = [...fields.matchAll(/(\w+)\s*:\s*(?:\$(\w+)|"([^"]*)"|(\w+))/g)];
  return Object.fromEntries(
    found.map(([, name, variable, text, word]) => [
      name,
      variable === undefined ? (text ?? word) : variables[variable],
    ]),
  );
};

const commentBy = (call: TokenCall, node: string): Comment | null => {
  for (const repo of call.world.repos.values()) {
    if (repo.deleted || !sees(call.world, call.token, repo)) continue;
    for (const issue of repo.issues.values()) {
      const found = issue.comments.find((comment) => nodeId("IC", comment.id) === node);
      if (found !== undefined) return found;
    }
  }
  return null;
};

export const graphqlRoutes: readonly Route[] = [
  tokenRoute("POST /graphql", [], (call) => {
    const { query, variables } = read(Request, call.body);
    if (!/mutation[^{]*\{\s*minimizeComment\b/.test(query))
      return {
        status: 200,
        body: { errors: [{ type: "undefinedField", message: "Only the mutation minimizeComment is known here" }] },
      };
    const input = Input.safeParse(inputOf(query, variables ?? {}));
    if (!input.success)
      return {
        status: 200,
        body: { errors: [{ message: "Variable $input of type MinimizeCommentInput! was provided invalid value" }] },
      };
    const comment = commentBy(call, input.data.subjectId);
    if (comment === null)
      return failed("NOT_FOUND", `Could not resolve to a node with the global id of '${input.data.subjectId}'`);
    if (!holds(call.permissions, [["issues", "write"]]))
      return failed("FORBIDDEN", "Resource not accessible by integration");
    comment.minimized = input.data.classifier.toLowerCase();
    const minimizedComment = { isMinimized: true, minimizedReason: comment.minimized };
    return { status: 200, body: { data: { minimizeComment: { clientMutationId: null, minimizedComment } } } };
  }),
];
