import { describe, expect, it } from "vitest";
import { changed, deleted, found, renamed } from "../found.ts";

/** Manifests before and after, that ask for another version. */
const asking = (manifest: string, version: string): string => {
  const name = manifest.slice(manifest.lastIndexOf("/") + 1);
  if (name === "package.json") return `{"dependencies":{"a":"${version}"}}\n`;
  if (name === "composer.json") return `{"require":{"a/a":"${version}"}}\n`;
  if (name === "go.mod") return `module a\nrequire b.example/b v${version}\n`;
  if (name === "Pipfile") return `[packages]\na = "${version}"\n`;
  if (name === "pyproject.toml") return `[project]\ndependencies = ["a==${version}"]\n`;
  return `[dependencies]\na = "${version}"\n`;
};
const both = (lock: string, manifest: string) => [
  changed(lock, "a\n", "b\n"),
  changed(manifest, asking(manifest, "1"), asking(manifest, "2")),
];

describe("lock-without-manifest", () => {
  it.each([
    ["package-lock.json", "package.json"],
    ["npm-shrinkwrap.json", "package.json"],
    ["yarn.lock", "packages/a/package.json"],
    ["pnpm-lock.yaml", "pnpm-workspace.yaml"],
    ["bun.lock", "package.json"],
    ["Cargo.lock", "crates/a/Cargo.toml"],
    ["go.sum", "go.mod"],
    ["Gemfile.lock", "Gemfile"],
    ["poetry.lock", "pyproject.toml"],
    ["uv.lock", "pyproject.toml"],
    ["Pipfile.lock", "Pipfile"],
    ["composer.lock", "composer.json"],
    ["web/package-lock.json", "web/package.json"],
    ["packages.lock.json", "src/App.csproj"],
    ["flake.lock", "flake.nix"],
  ])("finds %s without %s", async (lock, manifest) => {
    expect(await found("lock-without-manifest", changed(lock, "a\n", "b\n"))).toMatchObject([
      { severity: "block", path: lock },
    ]);
    expect(await found("lock-without-manifest", deleted(lock))).toHaveLength(1);
    expect(await found("lock-without-manifest", both(lock, manifest))).toEqual([]);
  });

  it("does not take another folder's manifest, or another kind's", async () => {
    expect(await found("lock-without-manifest", both("web/package-lock.json", "api/package.json"))).toHaveLength(1);
    expect(await found("lock-without-manifest", both("web/package-lock.json", "package.json"))).toHaveLength(1);
    expect(await found("lock-without-manifest", both("Cargo.lock", "package.json"))).toHaveLength(1);
  });

  it("is not content with a manifest that asks for nothing else", async () => {
    const untouched = (before: string, after: string) => [
      changed("package-lock.json", "a\n", "b\n"),
      changed("package.json", before, after),
    ];
    for (const [before, after] of [
      ['{"dependencies":{"a":"1"}}\n', '{ "dependencies": { "a": "1" } }\n'],
      ['{"description":"a"}\n', '{"description":"b"}\n'],
      ['{"scripts":{"a":"1"}}\n', '{"scripts":{"a":"2"}}\n'],
    ] as const) {
      expect(await found("lock-without-manifest", untouched(before, after))).toMatchObject([
        { message: "The lock file changes, the dependencies in its manifest do not." },
      ]);
    }
    expect(await found("lock-without-manifest", untouched("{ broken", "{ broken again"))).toEqual([]);
    const partlyRead = untouched('"name": "a",\n{ broken', '"name": "b",\n{ broken again');
    expect(await found("lock-without-manifest", partlyRead)).toEqual([]);
    const moved = [
      changed("package-lock.json", "a\n", "b\n"),
      renamed("package.json", "old.json", '{"dependencies":{"a":"1"}}\n'),
    ];
    expect(await found("lock-without-manifest", moved)).toEqual([]);
  });

  it("lets the package's own version change in both, and nothing else", async () => {
    const manifest = changed("package.json", '{"version":"1"}\n', '{"version":"2"}\n');
    const own = changed("package-lock.json", '  "version": "1",\nx\n', '  "version": "2",\nx\n');
    expect(await found("lock-without-manifest", [own, manifest])).toEqual([]);
    const more = changed("package-lock.json", '  "version": "1",\n', '  "version": "2",\n  "resolved": "x"\n');
    expect(await found("lock-without-manifest", [more, manifest])).toHaveLength(1);
    const versions = (count: number, of: string) =>
      Array.from({ length: count }, (_, at) => `"version": "${of}${at}"\n`).join("");
    for (const [before, after, count] of [
      [versions(4, "a"), versions(4, "b"), 0],
      [versions(5, "a"), versions(4, "b"), 1],
      [versions(4, "a"), versions(5, "b"), 1],
      [versions(1, "a"), "", 1],
      [versions(1, "a"), versions(1, "b".repeat(600)), 1],
    ] as const) {
      expect(
        await found("lock-without-manifest", [changed("package-lock.json", before, after), manifest]),
      ).toHaveLength(count);
    }
    expect(
      await found("lock-without-manifest", [deleted("package-lock.json", versions(1, "a")), manifest]),
    ).toHaveLength(1);
  });

  it("leaves manifests and other files alone", async () => {
    expect(
      await found("lock-without-manifest", [changed("package.json", "a", "b"), changed("src/lock.ts", "a", "b")]),
    ).toEqual([]);
  });
});
