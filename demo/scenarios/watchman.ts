// Counts what must not have happened, from the local GitHub's own records: the app is not asked.

import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { APP_SLUG, type Stage } from "../stage.ts";
import { ours } from "./people.ts";
import { type Claim, claim } from "./scenario.ts";

const textsIn = (node: Nodes, seen: { images: number; words: string[] }): void => {
  if (node.type === "image" || node.type === "imageReference") seen.images += 1;
  if (node.type === "html" && /<(?:img|picture|video|source|iframe)/i.test(node.value)) seen.images += 1;
  if (node.type === "text") seen.words.push(node.value);
  if ("children" in node) for (const child of node.children) textsIn(child, seen);
};

/** What a text of ours would do on the page, as GitHub renders it: code calls nobody. */
export const actsOf = (
  body: string,
): Readonly<{ images: number; mentions: readonly string[]; closings: readonly string[] }> => {
  const seen = { images: 0, words: [] as string[] };
  textsIn(fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }), seen);
  const words = seen.words.join("\n");
  return {
    images: seen.images,
    mentions: [...words.matchAll(/(?<![\w`])@[A-Za-z0-9][\w/-]*/g)].map(([hit]) => hit),
    closings: [...words.matchAll(/\b(?:clos|fix|resolv)\w*:?\s+[\w./-]*#\d+/gi)].map(([hit]) => hit),
  };
};

export type Watchman = Readonly<{
  /**
   * Does something hostile, and claims that nothing was written and no command accepted, but for as many as it says; `by` is what
   * stopped it.
   */
  sees: (what: string, by: string, attack: () => Promise<boolean>, accepted?: number) => Promise<void>;
  claims: Claim[];
}>;

/** Reactions of ours that say yes. */
const yeses = (stage: Stage, issue: number): number =>
  stage.shop
    .comments(issue)
    .flatMap(({ reactedBy }) => reactedBy)
    .filter(({ login, content }) => login === `${APP_SLUG}[bot]` && content === "+1").length;

export const watch = (stage: Stage, issue: number): Watchman => {
  const claims: Claim[] = [];
  const standing = () => ({
    writes: stage.github.contentWrites(APP_SLUG).length,
    branches: stage.shop.refs().size,
    pulls: stage.shop.pulls().length,
    yeses: yeses(stage, issue),
  });
  return {
    claims,
    sees: async (what, by, attack, accepted = 0) => {
      const before = standing();
      const stopped = await attack();
      await stage.github.idle();
      const after = standing();
      const same = JSON.stringify(after) === JSON.stringify({ ...before, yeses: before.yeses + accepted });
      const seen = `${after.writes - before.writes} writes, ${after.yeses - before.yeses} accepted commands`;
      claims.push(claim(`${claims.length + 1}. ${what}: stopped by ${by}`, stopped && same, seen));
    },
  };
};

/** Everything that the app has written on the thread, in every version that it ever had. */
export const everythingSaid = (stage: Stage, issue: number): readonly string[] =>
  ours(stage, issue).flatMap(({ versions }) => versions.map(({ body }) => body));
