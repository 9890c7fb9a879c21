// A world with many repositories, each with its own issue, and an attacker in every one of them.
import type { RepositoryView } from "../../demo/github/look.ts";
import { PEOPLE } from "../support/scene.ts";
import type { World } from "../support/world.ts";

export type Comment = ReturnType<RepositoryView["comments"]>[number];

/** One repository of the world, and what is done and seen there. */
export type Stage = Readonly<{
  world: World;
  name: string;
  view: RepositoryView;
  isPublic: boolean;
  /** Opens the issue as the reporter and labels it as the approver; answers its number. */
  begin: (issue: { title: string; body: string }) => number;
  ours: (issue: number) => readonly Comment[];
  /** Waits for an open gate that begins like this; answers its code. `not` is one that was seen before. */
  gate: (issue: number, words: RegExp, not?: string) => Promise<string>;
  /** Says something and waits for the verdict on it. */
  say: (issue: number, login: string, text: string) => Promise<"+1" | "confused">;
  /** Waits until some comment of ours has these words. */
  reads: (issue: number, words: RegExp) => Promise<Comment>;
}>;

const BOT = "countersign[bot]";

export const stageIn = (world: World, name: string, isPublic: boolean): Stage => {
  const { github } = world;
  const view = github.repo(name);
  const as = (login: string) => github.as(login).in(name);
  const ours: Stage["ours"] = (issue) => view.comments(issue).filter(({ user }) => user.login === BOT);
  const until: World["until"] = async (look, what) => {
    try {
      return await world.until(look, what);
    } catch (error) {
      const thread = view.issues().flatMap(({ number }) => ours(number).map(({ body }) => body.slice(0, 600)));
      throw new Error(`${error}\n\nThe thread of ${name}:\n${thread.join("\n---\n")}`);
    }
  };
  return {
    world,
    name,
    view,
    isPublic,
    ours,
    begin: (issue) => {
      const { number } = as(PEOPLE.reporter).openIssue(issue);
      as(PEOPLE.approver).label(number, "countersign");
      return number;
    },
    gate: (issue, words, not) =>
      until(() => {
        const isWaiting = ours(issue).some(
          ({ body }) => body.startsWith("### Countersign") && /Waiting for/.test(body),
        );
        const open = ours(issue).findLast(({ body, minimized }) => minimized === null && words.test(body));
        const code = isWaiting ? /^\/approve ([2-9a-hj-km-np-z]{4,6})$/m.exec(open?.body ?? "")?.[1] : undefined;
        return code === not ? null : code;
      }, `a gate in ${name} that says ${words.source}`),
    say: async (issue, login, text) => {
      const { id } = as(login).comment(issue, text);
      return until(
        () => {
          const reactions = view.comments(issue).find((comment) => comment.id === id)?.reactedBy ?? [];
          const verdict = reactions.find((one) => one.login === BOT && one.content !== "eyes")?.content;
          return verdict === "+1" || verdict === "confused" ? verdict : null;
        },
        `the verdict in ${name} on ${JSON.stringify(text)}`,
      );
    },
    reads: (issue, words) =>
      until(() => ours(issue).find(({ body }) => words.test(body)), `${words.source} in ${name}`),
  };
};
