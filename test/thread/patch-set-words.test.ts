// The words of a commit and a pull request, as they will stand in the repository.
import { describe, expect, test } from "vitest";
import type { PatchSetWords } from "../../src/agent/make-patch-set.ts";
import { DeliveryId, IssueNumber } from "../../src/ids.ts";
import { checkContent } from "../../src/patches/check-content.ts";
import { patchSetWords } from "../../src/thread/patch-set-words.ts";
import { type PullRequestFacts, pullRequestText } from "../../src/thread/render/pull-request.ts";
import { contentOf } from "../patches/contents.ts";
import { fileChange } from "../patches/file-changes.ts";
import { digest, PLACE, PLAN, patchSet } from "./support/world.ts";

const maker = patchSetWords(PLACE);

const CHANGES = [fileChange("src/slug.ts", { before: "a\n", after: "b\n" })];

const input = (home: "public" | "private", here: "public" | "private") => ({
  assignment: {
    delivery: { id: DeliveryId.parse(12) },
    issueNumber: 12,
    repos: [
      { name: "acme/shop", visibility: home, role: "primary" as const },
      { name: "acme/api", visibility: here, role: "secondary" as const },
    ],
  },
  plan: { document: PLAN, digest: digest("plan1") },
  summaries: [{ task: "T1", text: "Kept digits in slugs." }],
  changes: CHANGES,
  violations: [],
});
const shop = (home: "public" | "private") => ({ name: "acme/shop", visibility: home, role: "primary" as const });
const api = (here: "public" | "private") => ({ name: "acme/api", visibility: here, role: "secondary" as const });

test("they are what the maker of patch sets asks for", () => {
  const words: Pick<PatchSetWords, "fits"> & { render: unknown } = maker;
  expect(words.fits(contentOf(CHANGES), [])).toBe(true);
  const large = fileChange("big.txt", { after: `${"x".repeat(60_000)}\n` });
  expect(words.fits(contentOf([large]), [])).toBe(false);
});

describe("a pull request", () => {
  test("closes the issue in the primary repository, and says what, why, how tested and at what risk", async () => {
    const words = maker.render({ ...input("private", "private"), repo: shop("private") });
    expect(words.pullTitle).toBe("Keep digits in slugs");
    await expect(`${words.commitHeadline}\n\n${words.commitBody}\n`).toMatchFileSnapshot("golden/commit.txt");
    await expect(`${words.pullBody}\n`).toMatchFileSnapshot("golden/pull-request.md");
    expect(checkContent(contentOf(CHANGES, words))).toBeNull();
  });

  test("is part of the issue in a secondary one", () => {
    const words = maker.render({ ...input("private", "private"), repo: api("private") });
    expect(words.pullBody).toMatch(/^Part of acme\/shop#12\n/);
  });

  test("says nothing of an issue that fewer people can see", () => {
    const words = maker.render({ ...input("private", "public"), repo: api("public") });
    const all = Object.values(words).join("\n");
    for (const secret of ["acme/shop", "#12", "slug", "digits", "Area 51"]) expect(all).not.toContain(secret);
    expect(words.pullTitle).toBe("Changes of Countersign D-12");
    expect(checkContent(contentOf(CHANGES, words))).toBeNull();
  });

  const facts = (over: Partial<PullRequestFacts>): PullRequestFacts => ({
    deliveryId: DeliveryId.parse(12),
    repository: "acme/shop",
    issue: { repository: "acme/shop", number: IssueNumber.parse(12), closes: true },
    plan: PLAN,
    planDigest: digest("plan1"),
    summaries: [{ task: "T1", text: "Kept digits." }],
    files: patchSet().files,
    violations: [],
    template: null,
    siblings: null,
    ...over,
  });

  test("says of each task what was done, and the same words once", () => {
    const summaries = [
      { task: "T1", text: "Digits are kept." },
      { task: "T2", text: "Three cases were added." },
    ];
    const { pullBody, commitBody } = pullRequestText(facts({ summaries }));
    expect(pullBody).toContain(
      "- **T1** Keep digits in `slugify`: `src/slug.ts`\n  Digits are kept.\n- **T2** Say so in a test: `test/slug.test.ts`\n  Three cases were added.\n",
    );
    expect(commitBody).toMatch(
      /Keep digits in `slugify`:\nDigits are kept\.\n\nSay so in a test:\nThree cases were added\.$/,
    );
    const same = pullRequestText(
      facts({ summaries: summaries.map(({ task }) => ({ task, text: "Digits are kept." })) }),
    );
    expect(same.pullBody.split("Digits are kept.")).toHaveLength(2);
    expect(same.commitBody).toMatch(/\n\nDigits are kept\.$/);
    expect(same.commitBody).not.toContain("slugify`:");
  });

  test("cuts nothing of what many tasks say", () => {
    const summaries = Array.from({ length: 12 }, (_, n) => ({
      task: `T${n + 1}`,
      text: `${n} ${"word ".repeat(190)}end`,
    }));
    expect(pullRequestText(facts({ summaries })).commitBody.split("end")).toHaveLength(13);
  });

  test("follows the template of the repository", () => {
    const { pullBody } = pullRequestText(facts({ template: "## Why\n\n## Testing\n\n- [ ] changelog\n" }));
    expect(pullBody).toMatch(
      /^Closes #12\n\n## Why\n\n`slugify` removes[\s\S]*## Testing\n\n- \*\*AC-1\*\*[\s\S]*- \[ \] changelog\n\n## Scope/,
    );
  });

  test("stays short when the plan is long, and says what it leaves out", () => {
    const file = patchSet().files[0];
    if (file === undefined) throw new Error("no file");
    const many = Array.from({ length: 900 }, (_, i) => ({ ...file, path: `src/${"x".repeat(60)}/${i}.ts` }));
    const { pullBody } = pullRequestText(facts({ files: many }));
    expect(pullBody.length).toBeLessThan(44_000);
    expect(pullBody).toContain("900 files");
  });

  test("has a title even when the plan's has no visible letter", () => {
    const { pullTitle, commitHeadline } = pullRequestText(facts({ plan: { ...PLAN, title: "\u200B\u202E" } }));
    expect([pullTitle, commitHeadline]).toEqual(["Changes of Countersign D-12", "Changes of Countersign D-12"]);
  });
});

describe("several pull requests of one delivery", () => {
  const LIB = "acme/lib";
  const tasks = (...of: readonly (readonly [id: string, repository: string, dependsOn: readonly string[]])[]) =>
    of.map(([id, repository, dependsOn]) => ({
      id,
      title: id,
      repository,
      files: [],
      description: id,
      dependsOn: [...dependsOn],
    }));
  type Repo = Parameters<typeof maker.render>[0]["repo"];
  const repos = (shop: Repo["visibility"], lib: Repo["visibility"], web: Repo["visibility"]): readonly Repo[] => [
    { name: "acme/shop", visibility: shop, role: "primary" },
    { name: LIB, visibility: lib, role: "secondary" },
    { name: "acme/web", visibility: web, role: "secondary" },
  ];
  const bodyIn = (name: string, all: readonly Repo[], plan: (typeof PLAN)["tasks"]): string => {
    const repo = all.find((one) => one.name === name);
    if (repo === undefined) throw new Error(`${name} takes no part`);
    const base = input("private", "private");
    return maker.render({
      ...base,
      assignment: { ...base.assignment, repos: all },
      repo,
      plan: { document: { ...PLAN, tasks: plan }, digest: digest("plan1") },
    }).pullBody;
  };
  const section = (body: string): string =>
    /## Other repositories\n\n([\s\S]*)\n\n## Evidence/.exec(body)?.[1] ?? "none";
  const equal = repos("private", "private", "private");
  const shopNeedsLib = tasks(["T1", LIB, []], ["T2", "acme/shop", ["T1"]], ["T3", "acme/shop", ["T2"]]);

  test("name one another by branch, in the order in which they are opened, and say which is merged first", () => {
    expect(section(bodyIn("acme/shop", equal, shopNeedsLib))).toBe(
      [
        "One delivery changes these repositories. Their pull requests are opened in this order, once all of them are approved:",
        "",
        "1. `acme/shop`: this one",
        "2. `acme/lib`: [its pull request](https://github.com/acme/lib/pulls?q=is%3Apr%20head%3Acountersign%2Fd-12), from branch `countersign/d-12`",
        "",
        "Merge this one after `acme/lib`: it stands on what is done there.",
      ].join("\n"),
    );
    expect(section(bodyIn(LIB, equal, shopNeedsLib))).toMatch(
      /^1\. `acme\/shop`: \[its pull request\][\s\S]*^2\. `acme\/lib`: this one$[\s\S]*Merge this one before `acme\/shop`: what is done there stands on it\.$/m,
    );
  });

  test("see that an order may come by a third, that two may need each other, and that there may be none", () => {
    const chain = tasks(["T1", LIB, []], ["T2", "acme/web", ["T1"]], ["T3", "acme/shop", ["T2"]]);
    expect(section(bodyIn("acme/shop", equal, chain))).toContain("Merge this one after `acme/lib` and `acme/web`:");
    expect(section(bodyIn("acme/web", equal, chain))).toContain(
      "Merge this one after `acme/lib`: it stands on what is done there. Merge this one before `acme/shop`:",
    );
    const circle = tasks(["T1", LIB, ["T3"]], ["T2", "acme/shop", ["T1"]], ["T3", "acme/shop", []]);
    expect(section(bodyIn(LIB, equal, circle))).toContain("Merge this one together with `acme/shop`: each stands on");
    const apart = tasks(["T1", LIB, []], ["T2", "acme/shop", []]);
    expect(section(bodyIn(LIB, equal, apart))).toContain("None stands on another, as far as the plan says.");
  });

  test("leave out repositories without a task, and say nothing where one is alone", () => {
    expect(bodyIn("acme/shop", equal, shopNeedsLib)).not.toContain("acme/web");
    expect(section(bodyIn("acme/shop", equal, tasks(["T1", "acme/shop", []])))).toBe("none");
  });

  test("name no repository where more people see than that one", () => {
    const three = tasks(["T1", LIB, []], ["T2", "acme/shop", ["T1"]], ["T3", "acme/web", ["T2"]]);
    const mixed = repos("private", "public", "public");
    expect(bodyIn(LIB, mixed, three)).not.toContain("acme/shop");
    expect(section(bodyIn(LIB, mixed, three))).toMatch(/1\. `acme\/lib`: this one\n2\. `acme\/web`: /);
    expect(section(bodyIn("acme/shop", mixed, three))).toMatch(
      /1\. `acme\/shop`: this one\n2\. `acme\/lib`[^\n]*\n3\. `acme\/web`/,
    );
    expect(section(bodyIn(LIB, repos("private", "public", "private"), three))).toBe("none");
    expect(section(bodyIn("acme/web", repos("private", "public", "private"), three))).toContain(
      "3. `acme/web`: this one",
    );
  });
});
