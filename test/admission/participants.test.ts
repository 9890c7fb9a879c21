// Which repositories a trigger names, and in which order: from the configuration, and from plain lines of the text.
import { describe, expect, it } from "vitest";
import { participantsOf } from "../../src/admission/participants.ts";

const REPOS = { include: ["acme/api"], allow: ["acme/web", "other/*"], confirmed: [] };

const named = (body: string, repos = REPOS): readonly string[] | string => {
  const found = participantsOf("acme/shop", repos, body);
  return found.kind === "named"
    ? found.repositories.map(({ name, permitted }) => (permitted !== null ? name : `${name} (not permitted)`))
    : found.kind;
};

describe("the repositories of a delivery", () => {
  it.each<[string, string, readonly string[] | string]>([
    ["none in the text", "Prices lose their cents.", ["acme/api"]],
    ["one more", "Prices.\n\nRepos: acme/web", ["acme/api", "acme/web"]],
    [
      "several, on several lines",
      "Repos: acme/web, other/one\nRepos: other/two",
      ["acme/api", "acme/web", "other/one", "other/two"],
    ],
    ["any case of the word", "rEPOS: acme/web", ["acme/api", "acme/web"]],
    ["a line of Windows", "Prices.\r\nRepos: acme/web\r\nMore.", ["acme/api", "acme/web"]],
    ["each once, whatever its case", "Repos: ACME/Api, acme/web, Acme/WEB", ["acme/api", "acme/web"]],
    ["not the one where the issue is", "Repos: Acme/Shop, acme/web", ["acme/api", "acme/web"]],
    ["one that is not permitted", "Repos: acme/secret", ["acme/api", "acme/secret (not permitted)"]],
    ["no owner is all owners", "Repos: otherwise/one", ["acme/api", "otherwise/one (not permitted)"]],
    ["in a fence", "```\nRepos: acme/web\n```", ["acme/api"]],
    ["indented", "    Repos: acme/web", ["acme/api"]],
    ["in a quote", "> Repos: acme/web", ["acme/api"]],
    ["in a list", "- Repos: acme/web", ["acme/api"]],
    ["in a heading", "# Repos: acme/web", ["acme/api"]],
    ["in a comment", "<!--\nRepos: acme/web\n-->", ["acme/api"]],
    ["in a fold", "<details>\n\nRepos: acme/web\n\n</details>", ["acme/api"]],
    ["as code", "`Repos: acme/web`", ["acme/api"]],
    ["in the middle of a line", "See Repos: acme/web", ["acme/api"]],
    ["another word", "Repository: acme/web", ["acme/api"]],
    ["a sentence", "Repos: there are three", "unreadable"],
    ["nothing", "Repos:", "unreadable"],
    ["a name too few", "Repos: acme/web,", "unreadable"],
    ["a pattern", "Repos: acme/*", "unreadable"],
    ["something hidden behind it", "Repos: acme/web <!-- , acme/secret -->", "unreadable"],
    ["a way out of the path", "Repos: acme/..", "unreadable"],
    ["an invisible character", "Repos: acme/\u200Bweb", "unreadable"],
    ["one line that cannot be read among others", "Repos: acme/web\nRepos: and the rest", "unreadable"],
  ])("%s", (_what, body, expected) => {
    expect(named(body)).toEqual(expected);
  });

  it("are those of the configuration first, in its order", () => {
    const include = ["acme/z", "acme/a", "acme/shop"];
    expect(named("Repos: other/m, acme/z", { include, allow: ["other/*"], confirmed: [] })).toEqual([
      "acme/z",
      "acme/a",
      "other/m",
    ]);
  });

  it("are permitted for their owner's sake, where it is named, rather than for the name that they bear", () => {
    const repos = { include: ["acme/api", "other/one"], allow: ["Other/*"], confirmed: [] };
    const found = participantsOf("acme/shop", repos, "Repos: other/two, acme/web");
    expect(found).toEqual({
      kind: "named",
      repositories: [
        { name: "acme/api", permitted: "name" },
        { name: "other/one", permitted: "owner" },
        { name: "other/two", permitted: "owner" },
        { name: "acme/web", permitted: null },
      ],
    });
  });

  it("are at most nine", () => {
    const lines = (count: number) => Array.from({ length: count }, (_, at) => `Repos: other/r${at}`).join("\n");
    expect(named(lines(8))).toHaveLength(9);
    expect(participantsOf("acme/shop", REPOS, lines(9))).toEqual({ kind: "too_many", named: 10 });
  });

  it("are none where nothing names any", () => {
    expect(named("", { include: [], allow: [], confirmed: [] })).toEqual([]);
  });
});
