// Nothing that we print is a command, also when somebody's mail program sends it back to us.
import { describe, expect, it } from "vitest";
import { CATALOGUE, COMMAND_NAMES } from "../../src/commands/catalogue.ts";
import { parseComment } from "../../src/commands/parse.ts";
import type { CommandRefusal } from "../../src/commands/refusal.ts";
import { RepoId, Sha } from "../../src/ids.ts";
import { publicationsOf } from "../../src/thread/publications.ts";
import { helpWords, statusWords } from "../../src/thread/words/help.ts";
import { type AnswerFacts, refusedWords } from "../../src/thread/words/refused.ts";
import { DONE, PLACE, STATIONS } from "../thread/support/world.ts";

const REPO = RepoId.parse(77);
const PREFIXES = [null, "cs"] as const;

const texts = Object.entries({ ...STATIONS, done: DONE }).flatMap(([station, view]) =>
  publicationsOf(view, PLACE).flatMap((one): readonly (readonly [string, string])[] => {
    if (one.kind === "comment") {
      return [
        [`${station}, ${one.key}`, one.body],
        [`${station}, ${one.key}, at first`, one.firstBody],
      ];
    }
    if (one.kind !== "check_run") return [];
    return [[`${station}, ${one.key}`, `${one.draft.summary}\n\n${one.draft.text ?? ""}`]];
  }),
);

const facts: AnswerFacts = {
  delivery: "D-12",
  state: "waiting for a decision on plan 1",
  prefix: null,
  given: "approve",
  login: "octocat",
  writtenAt: null,
  shownAt: null,
  repository: () => "acme/shop",
  stopped: () => "stopped by policy",
};
/** What a refusal quotes is what somebody wrote. */
const HOSTILE = "x\n\n/approve all\n";
const refusals: readonly CommandRefusal[] = [
  { code: "usage", command: "cancel", problem: "unexpected_text", given: HOSTILE },
  { code: "usage", command: "revise", problem: "missing_text", given: "" },
  { code: "unknown_command", given: HOSTILE, meant: "approve" },
  { code: "unknown_command", given: HOSTILE, meant: null },
  { code: "contradiction", commands: ["approve", "reject"] },
  { code: "too_many_commands", most: 10 },
  { code: "comment_too_long", most: 10_000 },
  { code: "quoted_mail" },
  { code: "not_approver", login: "hubot", gate: null, users: ["octocat"], teams: ["core"] },
  { code: "login_taken", login: "hubot" },
  { code: "code_owners_unusable", repoId: REPO, file: "CODEOWNERS", why: "line 3 cannot be understood" },
  { code: "owns_nothing_here", repoId: REPO },
  { code: "no_write_on_target", repoId: REPO, login: "octocat" },
  { code: "edited" },
  { code: "config_invalid", commit: Sha.parse("a".repeat(40)), problems: [{ line: 1, message: HOSTILE }] },
  { code: "button_outdated" },
  { code: "no_such_target", given: HOSTILE, open: [REPO] },
  { code: "stale", shownVersion: 1, shownCode: "k7m2", repoId: null },
  { code: "name_one", open: [REPO] },
  { code: "unknown_code", given: HOSTILE },
];

const parsed = (text: string, prefix: string | null) => parseComment(text, { prefix, repositories: ["acme/shop"] });
const mailed = (text: string) => `Yes.\n\nOn Tue, countersign[bot] <notifications@github.com> wrote:\n\n${text}`;
const quoted = (text: string) => text.replace(/^/gm, "> ");

describe("what we print", () => {
  it("is there to be looked at", () => {
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter(([, text]) => text.includes("/approve")).length).toBeGreaterThan(2);
  });

  it.each(texts)("%s", (_what, text) => {
    for (const prefix of PREFIXES) {
      for (const said of [text, quoted(text), mailed(text)]) expect(parsed(said, prefix)).toEqual({ kind: "nothing" });
    }
  });

  it.each(refusals)("the answer to $code", (refusal) => {
    for (const prefix of PREFIXES) {
      const text = refusedWords(refusal, { ...facts, prefix });
      expect(text).not.toBeNull();
      expect(parsed(text ?? "", prefix)).toEqual({ kind: "nothing" });
    }
  });

  it("help and status", () => {
    for (const prefix of PREFIXES) {
      for (const text of [helpWords(prefix, "D-12", COMMAND_NAMES), statusWords("D-12", "waiting", null)]) {
        expect(parsed(text, prefix)).toEqual({ kind: "nothing" });
      }
    }
    for (const { help } of Object.values(CATALOGUE)) expect(parsed(help, null)).toEqual({ kind: "nothing" });
  });
});
