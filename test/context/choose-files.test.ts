// What a briefing shows of a repository: within its budget, cut from cleaned texts, the same every time.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Candidate, chooseFiles } from "../../src/context/choose-files.ts";
import { ChosenFile } from "../../src/context/packet.ts";
import { linesOf } from "../../src/context/retrieval/index-file.ts";
import { blobSha } from "../../src/patches/git-objects.ts";
import { runs } from "../support/runs.ts";

const file = (path: string, text: string): Candidate => ({ path, text, sha: blobSha(text) });
const filler = (path: string, functions: number, inside = ""): Candidate =>
  file(
    path,
    Array.from(
      { length: functions },
      (_, at) => `export function ${path.replace(/\W/g, "")}${at}() {\n  return ${at};\n}\n\n`,
    ).join(inside),
  );
const question = { title: "slugify drops accented letters", body: "" };
const atOnce = async (): Promise<void> => {};
const choose = (
  candidates: readonly Candidate[],
  budget: number,
  first: Parameters<typeof chooseFiles>[2]["first"] = [],
) => chooseFiles(question, candidates, { budget, first }, atOnce);

const SLUG = file("src/slug.ts", "export function slugify(title: string) {\n  return title;\n}\n");
const LONG = file(
  "src/words.ts",
  `${filler("a.ts", 150).text}export function accented(letter: string) {\n  return slugify(letter);\n}\n\n${filler("b.ts", 150).text}`,
);
const OTHERS = Array.from({ length: 20 }, (_, at) => filler(`src/other${at}.ts`, 60));

describe("chooseFiles", () => {
  it("shows all of a small repository whole", async () => {
    const { files, tokens } = await choose([SLUG, OTHERS[0] ?? SLUG], 100_000);
    expect(files.every(({ whole, outline }) => whole && outline.length === 0)).toBe(true);
    expect(tokens).toBe(files.reduce((sum, one) => sum + one.tokens, 0));
  });

  it("shows lines of a long file, with an outline of the rest", async () => {
    const { files } = await choose([SLUG, LONG, ...OTHERS], 2_000);
    const long = files.find(({ path }) => path === "src/words.ts");
    expect(long?.whole).toBe(false);
    const at = linesOf(LONG.text).findIndex((line) => line.includes("accented")) + 1;
    expect(long?.ranges.some(({ from, to }) => from <= at && at <= to)).toBe(true);
    expect(long?.outline[0]?.name).toMatch(/^ats\d+$/);
    const isShown = (line: number) => long?.ranges.some(({ from, to }) => from <= line && line <= to);
    expect(long?.outline.some(({ line }) => isShown(line))).toBe(false);
  });

  it("shows the files of a task whole, before all else that fits", async () => {
    const { files } = await choose([SLUG, LONG, ...OTHERS], 8_000, [{ path: "src/other7.ts", reason: "task" }]);
    expect(files.find(({ path }) => path === "src/other7.ts")).toMatchObject({ whole: true, reason: "task" });
  });

  it("shows of a task's file that is too long where the issue points to", async () => {
    const { files } = await choose([SLUG, LONG, ...OTHERS], 1_500, [{ path: "src/words.ts", reason: "task" }]);
    expect(files.find(({ path }) => path === "src/words.ts")).toMatchObject({ whole: false, reason: "task" });
    expect(files.find(({ path }) => path === "src/slug.ts")).toMatchObject({ whole: true });
  });

  it("shows the beginning of long doctrine, and leaves room for the rest", async () => {
    const rules = file(
      "CONTRIBUTING.md",
      Array.from({ length: 4_000 }, (_, at) => `## Rule ${at}\n\nKeep it.\n\n`).join(""),
    );
    const { files } = await choose([SLUG, rules, ...OTHERS], 4_000, [{ path: "CONTRIBUTING.md", reason: "doctrine" }]);
    const shown = files.find(({ path }) => path === "CONTRIBUTING.md");
    expect(shown).toMatchObject({ reason: "doctrine", whole: false, ranges: [{ from: 1 }] });
    expect(shown?.outline[0]?.name).toMatch(/^Rule \d+$/);
    const beginning = shown?.ranges[0];
    expect(beginning?.to).toBeGreaterThan(20);
    expect(files.find(({ path }) => path === "src/slug.ts")).toMatchObject({ whole: true });
  });
});

describe("what is kept back", () => {
  const [begin, end] = ["BEGIN", "END"].map((word) => `-----${word} RSA PRIVATE${""} KEY-----`);
  const body = Array.from(
    { length: 60 },
    (_, at) => `MIIEowIBAAKCAQEAxAgD5dzYfYQk6Pq9G2mP5hY7c1bqk0b2l3q0Xo0u${10 + at}`,
  );
  const key = `${filler("k.ts", 12).text}export const slugify = \`${begin}\n${body.join("\n")}\n${end}\`;\n\n${filler("l.ts", 200).text}`;

  it("is found in the whole file, wherever a range begins", async () => {
    for (const budget of [300, 700, 1_200, 2_000, 20_000]) {
      const { files, texts } = await choose([file("src/key.ts", key), ...OTHERS], budget);
      expect([...texts.values()].join("\n")).not.toContain("MIIEow");
      const shown = files.find(({ path }) => path === "src/key.ts");
      if (shown !== undefined) expect(shown.withheld.secrets.length).toBeGreaterThan(0);
    }
  });

  it("is counted by what is shown: making hidden characters visible does not break the budget", async () => {
    const odd = file("src/slugify.ts", `${"// slugify a\u200bb\u200bc\u200bd\u200be\u200bf\n".repeat(40)}`.repeat(4));
    for (const budget of [500, 1_500, 3_000, 6_000]) {
      const { files, texts, tokens } = await choose([odd, SLUG, ...OTHERS], budget);
      const characters = files.reduce((sum, { blob, ranges }) => {
        const lines = linesOf(texts.get(blob) ?? "");
        return sum + ranges.reduce((of, { from, to }) => of + lines.slice(from - 1, to).join("\n").length + 1, 0);
      }, 0);
      expect(tokens).toBeLessThanOrEqual(budget);
      expect(characters / 4).toBeLessThanOrEqual(budget);
      expect([...texts.values()].join()).not.toContain("\u200b");
    }
  });
});

it("is the same for the same files in any order, and never over the budget", async () => {
  const files = [SLUG, LONG, ...OTHERS.slice(0, 6)];
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(files, { minLength: files.length }),
      fc.nat(6_000),
      async (shuffled, budget) => {
        const chosen = await choose(shuffled, budget);
        expect(chosen).toEqual(await choose(files, budget));
        expect(chosen.tokens).toBeLessThanOrEqual(budget);
      },
    ),
    runs(20),
  );
});

it("understands a file of a packet of before there were ranges", () => {
  const old = {
    path: "a.ts",
    blob: SLUG.sha,
    reason: "matches",
    tokens: 3,
    withheld: { secrets: [], hiddenParts: 0, hiddenCharacters: 0 },
  };
  expect(ChosenFile.parse(old)).toMatchObject({ whole: true, ranges: [], outline: [] });
});
