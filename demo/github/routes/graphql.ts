// The GraphQL that the app uses: which comments are hidden, and hiding one. Everything else is answered as GitHub answers an unknown field.
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

const Query = z.object({
  owner: z.string(),
  repo: z.string(),
  number: z.number().int(),
  before: z.string().nullish(),
});

const QUERY =
  /repository\([^)]*\)\s*\{\s*issue\([^)]*\)\s*\{\s*comments\(\s*last:\s*(\d+)\s*,\s*before:\s*\$before\s*\)/;

/** A page of an issue's comments, the newest last; whoever may not see the repository is told that there is none. */
const hiddenComments = (call: TokenCall, most: number, variables: unknown): Answer => {
  const asked = Query.safeParse(variables);
  if (!asked.success) return { status: 200, body: { errors: [{ message: "A variable was provided invalid value" }] } };
  const { owner, repo: name, number, before } = asked.data;
  const repo = [...call.world.repos.values()].find(
    (each) => each.owner.login === owner && each.name === name && !each.deleted,
  );
  const issue = repo?.issues.get(number);
  const mayRead =
    repo !== undefined && sees(call.world, call.token, repo) && holds(call.permissions, [["issues", "read"]]);
  if (!mayRead || issue === undefined) {
    const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
    return { status: 200, body: { data: { repository: null }, errors: [{ type: "NOT_FOUND", message }] } };
  }
  const end = before == null ? issue.comments.length : Number(before);
  const start = Math.max(0, end - Math.min(most, 100));
  const nodes = issue.comments
    .slice(start, end)
    .map(({ id, minimized }) => ({ fullDatabaseId: String(id), isMinimized: minimized !== null }));
  const pageInfo = { hasPreviousPage: start > 0, startCursor: nodes.length === 0 ? null : String(start) };
  return { status: 200, body: { data: { repository: { issue: { comments: { pageInfo, nodes } } } } } };
};

export const graphqlRoutes: readonly Route[] = [
  tokenRoute("POST /graphql", [], (call) => {
    const { query, variables } = read(Request, call.body);
    const most = QUERY.exec(query)?.[1];
    if (most !== undefined && /fullDatabaseId\s+isMinimized/.test(query)) {
      return hiddenComments(call, Number(most), variables);
    }
    if (!/mutation[^{]*\{\s*minimizeComment\b/.test(query))
      return {
        status: 200,
        body: {
          errors: [
            {
              type: "undefinedField",
              message: "Only minimizeComment, and which comments of an issue are minimised, are known here",
            },
          ],
        },
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
