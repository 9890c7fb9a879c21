// Everything that left the app: each request to GitHub by the places of its body, each prompt to the model.
import { z } from "zod";
import type { LoggedRequest } from "../../demo/github/requests.ts";
import type { World } from "../support/world.ts";

/** `markdown`: GitHub renders it. `title`: one line that GitHub shows as it stands. `commit`: git and GitHub read it. */
export type Outbound = Readonly<{
  where: string;
  kind: "markdown" | "title" | "commit" | "name";
  text: string;
  /** False where an earlier text is replaced: then nobody may be mentioned. */
  isNew: boolean;
  /** The comment, check run or pull request in which it can be read. */
  seq: number;
}>;

const Body = z
  .object({
    body: z.string(),
    title: z.string(),
    message: z.string(),
    name: z.string(),
    ref: z.string(),
    head: z.string(),
    base: z.string(),
    labels: z.array(z.string()),
    output: z
      .object({
        title: z.string(),
        summary: z.string(),
        text: z.string().nullable(),
        annotations: z.array(z.object({ title: z.string(), message: z.string(), raw_details: z.string() }).partial()),
      })
      .partial(),
    actions: z.array(z.object({ label: z.string(), identifier: z.string(), description: z.string() })),
  })
  .partial();

type Part = readonly [kind: Outbound["kind"], field: string, text: string | null | undefined];

const partsOf = (body: z.infer<typeof Body>): readonly Part[] => [
  ["markdown", "body", body.body],
  ["title", "title", body.title],
  ["commit", "message", body.message],
  ["name", "name", body.name],
  ["name", "ref", body.ref],
  ["name", "head", body.head],
  ...(body.labels ?? []).map((label): Part => ["name", "label", label]),
  ["title", "output.title", body.output?.title],
  ["markdown", "output.summary", body.output?.summary],
  ["markdown", "output.text", body.output?.text],
  ...(body.output?.annotations ?? []).flatMap(({ title, message, raw_details }): Part[] => [
    ["title", "annotation.title", title],
    ["title", "annotation.message", message],
    ["title", "annotation.raw_details", raw_details],
  ]),
  ...(body.actions ?? []).flatMap(({ label, identifier, description }): Part[] => [
    ["title", "action.label", label],
    ["title", "action.description", description],
    ["name", "action.identifier", identifier],
  ]),
];

/** File contents are what was approved; they are compared with what was shown instead. */
const IS_CONTENT = /\/git\/(?:blobs|trees)$|\/access_tokens$|\/graphql$/;

export const outboundOf = (requests: readonly LoggedRequest[]): readonly Outbound[] =>
  requests
    .filter(({ app, method, path }) => app === "countersign" && method !== "GET" && !IS_CONTENT.test(path))
    .flatMap(({ seq, method, path, body }) => {
      const read = Body.safeParse(body ?? {});
      if (!read.success) throw new Error(`${method} ${path} has a body that nobody knows: ${read.error.message}`);
      return partsOf(read.data).flatMap(([kind, field, text]) =>
        text == null || text === ""
          ? []
          : [{ where: `${method} ${path} ${field}`, kind, text, isNew: method === "POST", seq }],
      );
    });

/** Every byte, as it went over the wire but for headers. */
export const rawOutbound = ({
  github,
  model,
}: Pick<World, "github" | "model">): readonly Readonly<{ where: string; text: string }>[] => [
  ...github.requests
    .filter(({ app }) => app === "countersign")
    .map(({ method, path, query, body }) => ({
      where: `GitHub: ${method} ${path}`,
      text: `${path}?${query}\n${JSON.stringify(body ?? "")}`,
    })),
  ...model.requests.map(({ seq, role, body }) => ({
    where: `model: request ${seq}, ${role}`,
    text: JSON.stringify(body),
  })),
];
