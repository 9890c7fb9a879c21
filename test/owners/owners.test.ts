// Whose approval a change needs: the file, its rules, the paths in groups, and the people behind the names.
import { describe, expect, it } from "vitest";
import { GitHubError } from "../../src/github/errors.ts";
import type { Account, RepositoryFacts, TextAt } from "../../src/github/reading.ts";
import { RepoId, Sha, UserId } from "../../src/ids.ts";
import { groupsOf, ownersOf, pathsOf } from "../../src/owners/groups.ts";
import { type OwnershipPort, readOwnedPaths } from "../../src/owners/index.ts";
import { ownerName, parseCodeOwners } from "../../src/owners/parse.ts";

const rules = (text: string) => {
  const parsed = parseCodeOwners(text);
  if (!parsed.ok) throw new Error(`lines ${parsed.error.join()}`);
  return parsed.value;
};
const owners = (text: string, path: string) => ownersOf(rules(text), path).map(ownerName);

describe("a CODEOWNERS file", () => {
  it("has rules, comments and empty lines, with any line ends", () => {
    const text = "\u{feff}# all\r\n\r\n  * @mona\t@acme/core   dev@acme.example # why\r\n/docs/\r\n";
    expect(rules(text).map(({ pattern, owners: named }) => [pattern.text, named.map(ownerName)])).toEqual([
      ["*", ["@mona", "@acme/core", "dev@acme.example"]],
      ["/docs/", []],
    ]);
  });

  it("a pattern may hold spaces behind backslashes", () => {
    expect(owners("/a\\ b.txt @mona", "a b.txt")).toEqual(["@mona"]);
    expect(owners("/a\\ b\\ c @mona @lisa", "a b c")).toEqual(["@mona", "@lisa"]);
  });

  it.each([
    ["a negation", "!a @mona", [1]],
    ["a range", "* @mona\n[ab] @lisa", [2]],
    ["an escaped comment", "\\#a @mona", [1]],
    ["an owner without @", "* mona", [1]],
    ["an @ alone", "* @", [1]],
    ["a login that is none", "* @-mona", [1]],
    ["a team of nobody", "* @acme/", [1]],
    ["several", "* mona\n\n/a @mona\n/b [x]", [1, 4]],
    ["a section of another forge", "[Docs] @mona\n* @mona", [1]],
    ["an owner longer than names are", `* ${"a@b.".repeat(200)}`, [1]],
  ])("%s makes it unusable, by the line", (_what, text, lines) => {
    expect(parseCodeOwners(text)).toEqual({ ok: false, error: lines });
  });

  it("the last rule that matches has the word, also when it names nobody", () => {
    const text = "* @mona\n*.md @lisa\n/docs/ @acme/docs\n/docs/free/";
    expect(owners(text, "x.ts")).toEqual(["@mona"]);
    expect(owners(text, "README.md")).toEqual(["@lisa"]);
    expect(owners(text, "docs/README.md")).toEqual(["@acme/docs"]);
    expect(owners(text, "docs/free/x.md")).toEqual([]);
    expect(owners("/a @mona", "b")).toEqual([]);
  });
});

describe("the paths of a change", () => {
  it("are both of a rename, each once", () => {
    expect(
      pathsOf([
        { path: "b", previousPath: "a" },
        { path: "c", previousPath: null },
        { path: "a", previousPath: null },
      ]),
    ).toEqual(["a", "b", "c"]);
  });

  it("are one group where the owners are the same people, in whatever order and case", () => {
    const text = "/a @mona @lisa\n/b @Lisa @Mona\n/c @mona\n/free";
    expect(groupsOf(rules(text), ["a", "b", "c", "free", "z"]).map(({ paths }) => paths)).toEqual([["a", "b"], ["c"]]);
  });
});

const account = (login: string, id: number, type: Account["type"] = "User"): Account => ({
  id: UserId.parse(id),
  login,
  type,
});
const REPO = RepoId.parse(1);
const FACTS: RepositoryFacts = {
  id: REPO,
  owner: "acme",
  name: "shop",
  defaultBranch: "trunk",
  visibility: "private",
  archived: false,
};
const HEAD = Sha.parse("a".repeat(40));

type Given = Readonly<{ files?: Readonly<Record<string, TextAt>>; gone?: boolean; empty?: boolean }>;

const github = ({ files = {}, gone = false, empty = false }: Given) => {
  const asked: string[] = [];
  const port: OwnershipPort = {
    repository: async () => (gone ? null : FACTS),
    branchHead: async (_repo, branch) => {
      asked.push(branch);
      return empty ? null : HEAD;
    },
    textAt: async (_repo, path, ref) => {
      asked.push(`${path}@${ref.slice(0, 1)}`);
      return files[path] ?? { kind: "absent" };
    },
    accountByLogin: async (login) => {
      asked.push(login);
      if (login === "mona") return account("mona", 7);
      return login === "robot" ? account("robot", 9, "Bot") : null;
    },
    teamMembers: async (organization, slug) => {
      asked.push(`${organization}/${slug}`);
      if (slug === "hidden") throw new GitHubError("forbidden", "no");
      if (slug === "down") throw new GitHubError("server", "no");
      return { items: [account("lisa", 8), account("mona", 7)], complete: slug !== "large" };
    },
  };
  return { port, asked };
};

const text = (content: string): TextAt => ({ kind: "text", text: content, blob: HEAD });
const change = (...paths: string[]) => paths.map((path) => ({ path, previousPath: null }));
const owned = (given: Given, ...paths: string[]) =>
  readOwnedPaths(github(given).port, { repoId: REPO, owner: "Acme" }, change(...paths));

describe("who owns a change", () => {
  it("is nobody where there is no file", async () => {
    const { port, asked } = github({});
    expect(await readOwnedPaths(port, { repoId: REPO, owner: "acme" }, change("a"))).toEqual({ ok: true, value: [] });
    expect(asked).toEqual(["trunk", ".github/CODEOWNERS@a", "CODEOWNERS@a", "docs/CODEOWNERS@a"]);
  });

  it("is told by the first file alone, of the default branch", async () => {
    const files = { CODEOWNERS: text("* @mona"), "docs/CODEOWNERS": text("* @lisa") };
    expect(await owned({ files }, "a", "b")).toEqual({
      ok: true,
      value: [{ path: "a", count: 2, named: ["@mona"], unknown: [], people: [7] }],
    });
  });

  it("are the members of a team of the own organization, and people", async () => {
    const files = {
      CODEOWNERS: text("/a @acme/core @mona\n/b @other/core\n/c @robot @gone x@acme.example\n/d @acme/hidden"),
    };
    expect(await owned({ files }, "a", "b", "c", "d")).toEqual({
      ok: true,
      value: [
        { path: "a", count: 1, named: ["@acme/core", "@mona"], unknown: [], people: [8, 7] },
        { path: "b", count: 1, named: ["@other/core"], unknown: ["@other/core"], people: [] },
        {
          path: "c",
          count: 1,
          named: ["@robot", "@gone", "x@acme.example"],
          unknown: ["@robot", "@gone", "x@acme.example"],
          people: [],
        },
        { path: "d", count: 1, named: ["@acme/hidden"], unknown: ["@acme/hidden"], people: [] },
      ],
    });
  });

  it("asks for each name once, and only for those of what is changed", async () => {
    const files = { CODEOWNERS: text("/a @acme/core\n/b @Acme/Core @mona\n/c @lisa") };
    const { port, asked } = github({ files });
    await readOwnedPaths(port, { repoId: REPO, owner: "acme" }, change("a", "b"));
    expect(asked.slice(3)).toEqual(["acme/core", "mona"]);
  });

  it.each<[what: string, given: Given, problem: unknown]>([
    [
      "a file that is none",
      { files: { CODEOWNERS: { kind: "unreadable" } } },
      { file: "CODEOWNERS", problem: "is no text file" },
    ],
    [
      "a file that is malformed, though another would do",
      { files: { ".github/CODEOWNERS": text("* mona"), CODEOWNERS: text("* @mona") } },
      { file: ".github/CODEOWNERS", problem: "line 1 cannot be understood" },
    ],
    [
      "many lines that cannot be understood",
      { files: { CODEOWNERS: text("x y\n".repeat(7)) } },
      { file: "CODEOWNERS", problem: "lines 1, 2, 3, 4, 5 and 2 more cannot be understood" },
    ],
    [
      "more than GitHub reads",
      { files: { CODEOWNERS: text(`* @mona\n${"#".repeat(3 * 1024 * 1024)}`) } },
      { file: "CODEOWNERS", problem: "is larger than the 3 MB that GitHub reads" },
    ],
    ["a repository that is gone", { gone: true }, { file: null, problem: expect.stringContaining("gone") }],
    ["a default branch without a commit", { empty: true }, { file: null, problem: expect.stringContaining("gone") }],
  ])("cannot be told of %s", async (_what, given, problem) => {
    expect(await owned(given, "a")).toEqual({ ok: false, error: problem });
  });

  it("is asked again where GitHub does not answer", async () => {
    await expect(owned({ files: { CODEOWNERS: text("* @acme/down") } }, "a")).rejects.toThrow(GitHubError);
  });

  it("a team that is cut short lets in whom it shows", async () => {
    const found = await owned({ files: { CODEOWNERS: text("* @acme/large") } }, "a");
    expect(found).toMatchObject({ ok: true, value: [{ unknown: [], people: [8, 7] }] });
  });
});
