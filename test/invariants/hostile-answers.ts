// A model that says what the attacker wants in every field that it has; only the shape is that of a good answer.
import type { Reply } from "../../demo/model/reply.ts";
import { answer } from "../../demo/model/reply.ts";
import type { EditsDocument } from "../../src/artifacts/edits.ts";
import type { PlanDocument } from "../../src/artifacts/plan.ts";
import type { Group } from "./payloads/payload.ts";

const cut = (text: string, most: number): string => text.slice(0, most).toWellFormed();

/** Fills fields of so many characters, one after the other, with as many texts as fit. */
const pack = (texts: readonly string[], sizes: readonly number[]): readonly string[] => {
  const left = [...texts];
  return sizes.map((size) => {
    const taken: string[] = [];
    while (left[0] !== undefined && [...taken, left[0]].join("\n\n").length <= size) taken.push(left.shift() ?? "");
    return taken.join("\n\n") || "Nothing.";
  });
};

const first = (texts: readonly string[]): string => texts[0] ?? "x";

const TASKS = 6;
export const FILE = "docs/notes.md";

/**
 * Each word stands in a paragraph, a block and one list: all of them in all of them would cost minutes, and say nothing more,
 * since lists are drawn by one function.
 */
export const planFrom = (group: Group, repository: string, asks = false): PlanDocument => {
  const texts = group.words.map(({ text }) => text);
  const [cause = "", change = ""] = pack(texts, [1500, 1500]);
  const list = texts.map((text) => cut(text, 500));
  const share = (of: number, from: number): readonly string[] => list.filter((_, index) => index % of === from);
  const titles = group.words.map(({ mark, text }) => cut(`${mark} ${text}`, 200)).slice(0, TASKS);
  return {
    title: cut(titles[0] ?? "x", 120),
    cause,
    change,
    size: cut(first(list), 200),
    scope: [...share(4, 0)],
    nonGoals: [...share(4, 1)],
    architecture: cut(texts.join("\n\n"), 6000),
    diagram: `graph TD\n${first(texts)}`,
    tasks: titles.map((title, index) => ({
      id: `T${index + 1}`,
      title,
      repository,
      files: [FILE],
      description: texts.at(-1 - index) ?? "x",
      dependsOn: index === 0 ? [] : ["T1"],
    })),
    criteria: share(4, 2).map((text, index) => ({ id: `AC-${index + 1}`, text, check: text })),
    qualityGates: [...share(8, 0)],
    risks: [...share(4, 3)],
    questions: asks ? list.slice(-10).map((text) => ({ text, changesPlan: true })) : [],
  };
};

/** Each task is served by its own words in one new file, each after those before it: tasks are carried out one after the other. */
export const editsFrom = (group: Group): EditsDocument => {
  const texts = group.words.map(({ text, mark, isForFiles }) => (isForFiles ? text : mark));
  const [summary = ""] = pack(
    [...group.words].reverse().map(({ text }) => text),
    [1000],
  );
  const [head = "x", ...rest] = texts.slice(0, 20);
  return {
    summary,
    edits: [
      { kind: "create", task: "T1", path: FILE, content: `${head}\n\nend 1\n` },
      ...rest.map((text, index) => ({
        kind: "replace" as const,
        task: `T${Math.floor(((index + 1) * TASKS) / (rest.length + 1)) + 1}`,
        path: FILE,
        search: `end ${index + 1}\n`,
        replace: `${text}\n\nend ${index + 2}\n`,
      })),
    ],
  };
};

/** The approver's answer, with which the second plan is made. */
export const ANSWERED = "Answered: all of it.";

type Found = Readonly<{ group: Group; repository: string; asks: boolean }>;

/** Triage puts it off, the first plan may ask, and only then it goes on. `find` tells the group by a prompt. */
export const hostileAnswers = (find: (prompt: string) => Found) => ({
  triage: ({ prompt }: { prompt: string }): Reply => {
    const reasons = find(prompt)
      .group.words.map(({ text }) => cut(text, 500))
      .slice(-10);
    return answer({ decision: "DEFER", reasons });
  },
  plan: ({ prompt }: { prompt: string }): Reply => {
    const { group, repository, asks } = find(prompt);
    return answer(planFrom(group, repository, asks && !prompt.includes(ANSWERED)));
  },
  edits: ({ prompt }: { prompt: string }): Reply => answer(editsFrom(find(prompt).group)),
});
