// What a model may find out by itself, and what it may not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLook, type LookedAt } from "../../src/context/look.ts";
import { neverSend } from "../../src/context/never-send.ts";
import type { TreeEntry } from "../../src/github/reading.ts";
import type { Sha } from "../../src/ids.ts";
import { blobSha } from "../../src/patches/git-objects.ts";

const AWS = ["AKIA", "QX7RT2MNB4VCJ9LK"].join("");
const ENV = "PASSWORD=hunter2-of-the-shop\n";
const LONG = Array.from({ length: 3_000 }, (_, at) => `export const value${at} = ${at};\n`).join("");
const FILES: Readonly<Record<string, string>> = {
  ".env": ENV,
  "README.md": "# Shop\n\nSells.\n",
  "copy.txt": ENV,
  "logo.png": "\0png",
  "src/keys.ts": `const name = "Shop";\nconst key = "${AWS}";\nexport { name };\n`,
  "src/long.ts": LONG,
  "src/odd\nname.ts": "shop\n",
  "src/web/page.ts": "const shop = 'a\u200bb';\r\n",
};

const entry = (path: string, text: string, over: Partial<TreeEntry> = {}): TreeEntry => ({
  path,
  mode: "100644",
  type: "blob",
  sha: blobSha(text),
  size: Buffer.byteLength(text),
  ...over,
});
const entries: readonly TreeEntry[] = [
  ...Object.entries(FILES).map(([path, text]) => entry(path, text)),
  entry("link", "/etc/passwd", { mode: "120000" }),
  entry("module", "", { mode: "160000", type: "commit", size: null }),
];
const texts = new Map<Sha, string>(Object.values(FILES).map((text) => [blobSha(text), text]));
const shop: LookedAt = {
  name: "acme/shop",
  entries,
  forbidden: neverSend(["internal"]),
  text: async (sha) => {
    const text = texts.get(sha) ?? null;
    return text?.includes("\0") ? null : text;
  },
  kept: async (shas) => new Map(shas.flatMap((sha) => (texts.has(sha) ? [[sha, texts.get(sha) ?? ""] as const] : []))),
};
const look = createLook([shop]);
const said = async (answer: ReturnType<typeof look.list>): Promise<string> => {
  const result = await answer;
  return result.ok ? result.value : `Error: ${result.error}`;
};

describe("list", () => {
  it("says what stands in a folder, each on one line", async () => {
    expect(await said(look.list("Acme/Shop", ""))).toBe(
      [
        ".env (kept from you)",
        "README.md (15 bytes)",
        "copy.txt (29 bytes)",
        "logo.png (4 bytes)",
        "src/ (4 files below)",
        "link (a link)",
        "module (a submodule)",
      ].join("\n"),
    );
    expect(await said(look.list("acme/shop", "src/"))).toContain("odd␊name.ts (5 bytes)");
    expect(await said(look.list("acme/shop", "src"))).toContain("web/ (1 files below)");
  });

  it("says how many names did not fit", async () => {
    const many = Array.from({ length: 2_000 }, (_, at) => entry(`file-${at}.ts`, `${at}`));
    const answer = await said(createLook([{ ...shop, entries: many }]).list("acme/shop", ""));
    expect(answer.length).toBeLessThan(12_100);
    const listed = answer.split("\n").length - 1;
    expect(answer).toContain(`(${2_000 - listed} more are not listed)`);
  });

  it.each(["nowhere", "../", "src/../src", "/src", "src/keys.ts/"])("knows no folder %j", async (folder) =>
    expect(await said(look.list("acme/shop", folder))).toContain("There is no folder"),
  );
});

describe("read", () => {
  it("gives the lines, without a secret, with their places", async () => {
    expect(await said(look.read("acme/shop", "src/keys.ts", 2, 3))).toBe(
      "(lines 2 to 3 of 3)\n[removed: looks like an AWS access key id]\nexport { name };",
    );
  });

  it("shows what nobody sees", async () =>
    expect(await said(look.read("acme/shop", "src/web/page.ts", 1, 9))).toContain("a⟨U+200B⟩b"));

  it("cuts at whole lines and says where to read on", async () => {
    const answer = await said(look.read("acme/shop", "src/long.ts", 1, 3_000));
    const shown = answer.split("\n").length - 1;
    expect(answer).toMatch(
      new RegExp(
        `^\\(lines 1 to ${shown} of 3000; ${3_000 - shown} more lines did not fit, read on from line ${shown + 1}\\)`,
      ),
    );
    expect(await said(look.read("acme/shop", "src/long.ts", shown + 1, shown + 1))).toContain(`value${shown} =`);
  });

  it.each<[string, number, number, string]>([
    [".env", 1, 1, "is kept from you"],
    ["copy.txt", 1, 1, "kept from you"],
    ["link", 1, 1, "is a link"],
    ["module", 1, 1, "is a link"],
    ["logo.png", 1, 1, "is no text"],
    ["src", 1, 1, "There is no file"],
    ["../shop/README.md", 1, 1, "There is no file"],
    ["./README.md", 1, 1, "There is no file"],
    ["README.md", 4, 9, "has 3 lines only"],
    ["README.md", 0, 1, "counted from 1"],
    ["README.md", 3, 2, "counted from 1"],
    ["README.md", 1.5, 2, "counted from 1"],
  ])("refuses %j from %d to %d", async (path, from, to, words) => {
    const answer = await said(look.read("acme/shop", path, from, to));
    expect(answer).toMatch(/^Error: /);
    expect(answer).toContain(words);
    expect(answer).not.toContain("hunter2");
  });
});

describe("search", () => {
  it("finds lines whatever their case, in the order of the tree", async () => {
    expect(await said(look.search("acme/shop", "SHOP"))).toBe(
      [
        "(4 lines found; 5 of 5 files were searched)",
        "README.md:1: # Shop",
        'src/keys.ts:1: const name = "Shop";',
        "src/odd␊name.ts:1: shop",
        "src/web/page.ts:1: const shop = 'a⟨U+200B⟩b';",
      ].join("\n"),
    );
  });

  it.each([AWS, "hunter2", "AKIA"])("finds nothing of what is kept back: %s", async (text) =>
    expect(await said(look.search("acme/shop", text))).toContain("nothing found"),
  );

  it("takes a text for what it is", async () =>
    expect(await said(look.search("acme/shop", "va.ue1"))).toContain("nothing found"));

  it("ends where no more fits, and says so", async () => {
    const answer = await said(look.search("acme/shop", "value"));
    expect(answer.length).toBeLessThan(12_200);
    const shown = answer.split("\n").length - 1;
    // Nobody looked into the files behind it.
    expect(answer.split("\n")[0]).toBe(
      `(the first ${shown} lines found, there may be more: search for more of the line; 3 of 5 files were searched)`,
    );
  });

  it("says that not all could be searched", async () => {
    const answer = await said(createLook([{ ...shop, kept: async () => new Map() }]).search("acme/shop", "shop"));
    expect(answer).toBe("(nothing found; 0 of 5 files were searched)");
  });

  it.each(["", " ", "a", "a\nb", "x".repeat(201)])("refuses %j", async (text) =>
    expect(await said(look.search("acme/shop", text))).toContain("Search for 2 to 200 characters"),
  );
});

it("knows the repositories of the briefing and no others", async () =>
  expect(await said(look.list("acme/other", ""))).toBe(
    'Error: There is no repository "acme/other" here. There is: acme/shop.',
  ));

it("never gives away what is kept back, whatever it is asked", async () => {
  const path = fc.oneof(fc.constantFrom(...entries.map((one) => one.path)), fc.string());
  await fc.assert(
    fc.asyncProperty(path, fc.nat(20), fc.nat(20), async (asked, from, to) => {
      const answers = [
        await said(look.read("acme/shop", asked, from, to)),
        await said(look.list("acme/shop", asked)),
        await said(look.search("acme/shop", asked)),
      ].join("\n");
      expect(answers).not.toContain(AWS);
      expect(answers).not.toContain("hunter2");
    }),
  );
});
