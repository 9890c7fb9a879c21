// The configuration comes from the default branch's head, at one commit, and from nowhere else.
import { describe, expect, it } from "vitest";
import { NO_CEILING, parseCeiling } from "../../src/config/ceiling.ts";
import { type ConfigPort, readConfig } from "../../src/config/read.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { RepoId, Sha } from "../../src/ids.ts";

const REPO = RepoId.parse(1);
const HEAD = Sha.parse("a".repeat(40));
const BLOB = Sha.parse("b".repeat(40));

const github = (text: string | null, options: { gone?: boolean; empty?: boolean } = {}) => {
  const calls: string[] = [];
  const port: ConfigPort = {
    repository: async () =>
      options.gone === true
        ? null
        : { id: REPO, owner: "acme", name: "shop", defaultBranch: "trunk", visibility: "private", archived: false },
    branchHead: async (_repo, branch) => {
      calls.push(`head ${branch}`);
      return options.empty === true ? null : HEAD;
    },
    file: async (_repo, path, ref) => {
      calls.push(`file ${path} ${ref}`);
      return text === null ? null : { text, blob: BLOB };
    },
  };
  return { port, calls };
};

describe("reading the configuration", () => {
  it("reads the file at the commit of the default branch's head", async () => {
    const { port, calls } = github("exit_phase: plan");
    const reading = await readConfig(port, REPO, NO_CEILING);
    expect(calls).toEqual(["head trunk", `file .github/countersign.yml ${HEAD}`]);
    expect(reading).toEqual({
      kind: "config",
      config: { ...DEFAULT_CONFIG, exit_phase: "plan" },
      tightened: [],
      commit: HEAD,
      blob: BLOB,
    });
  });

  it("takes the defaults where there is no file", async () => {
    const reading = await readConfig(github(null).port, REPO, NO_CEILING);
    expect(reading).toEqual({ kind: "config", config: DEFAULT_CONFIG, tightened: [], commit: HEAD, blob: null });
  });

  it("holds file and defaults to the ceiling", async () => {
    const ceiling = parseCeiling("exit_phase: plan");
    if (!ceiling.ok) throw new Error("the ceiling cannot be used");
    for (const text of [null, "exit_phase: review"]) {
      expect(await readConfig(github(text).port, REPO, ceiling.value)).toMatchObject({
        kind: "config",
        config: { exit_phase: "plan" },
        tightened: [{ key: "exit_phase", given: "plan" }],
      });
    }
  });

  it("answers problems, and the prefix in spite of them", async () => {
    const reading = await readConfig(github("foo: 1\ncommands: {prefix: cs}").port, REPO, NO_CEILING);
    expect(reading).toEqual({
      kind: "problems",
      problems: [{ line: 1, key: "foo", message: "is not a key that is known" }],
      prefix: "cs",
      commit: HEAD,
      blob: BLOB,
    });
  });

  it.each([{ gone: true }, { empty: true }])("is gone with the repository or its branch: %j", async (options) => {
    expect(await readConfig(github("", options).port, REPO, NO_CEILING)).toEqual({ kind: "gone" });
  });

  it("throws when GitHub does not answer, and takes no default", async () => {
    const { port } = github(null);
    const down = { ...port, file: () => Promise.reject(new GitHubError("server", "502")) };
    await expect(readConfig(down, REPO, NO_CEILING)).rejects.toThrow(GitHubError);
  });
});
