// Who may take part in another repository's deliveries; and that a refusal tells nobody of what they cannot see.
import { describe, expect, it } from "vitest";
import type { UsableConfig } from "../../src/admission/admit.ts";
import { pinsOf } from "../../src/admission/pins.ts";
import { type Pinned, type SecondaryFacts, whyNotTakingPart } from "../../src/admission/taking-part.ts";
import type { ConfigReading } from "../../src/config/read.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { RepoId, Sha } from "../../src/ids.ts";
import { VISIBILITIES, type Visibility } from "../../src/visibility.ts";

const SHOP = RepoId.parse(1);
const commit = Sha.parse("1".repeat(40));
const configWith = (accept_from: readonly (string | RepoId)[]): UsableConfig => ({
  kind: "config",
  config: { ...DEFAULT_CONFIG, accept_from: [...accept_from] },
  tightened: [],
  commit,
  blob: commit,
});
const broken: ConfigReading = {
  kind: "problems",
  problems: [{ line: 3, key: "accept_from", message: "must be a list" }],
  prefix: null,
  commit,
  blob: commit,
};

type Change = Partial<Omit<SecondaryFacts, "facts">> & { visibility?: Visibility; archived?: boolean };

const API = RepoId.parse(2);
const OTHER = RepoId.parse(3);
const NEVER_USED: Pinned = { found: null, home: null };

const found = ({ visibility = "public", archived = false, ...change }: Change = {}): SecondaryFacts => ({
  facts: { id: API, owner: "acme", name: "api", defaultBranch: "main", visibility, archived },
  source: "active",
  config: configWith(["acme/shop"]),
  pinned: NEVER_USED,
  ...change,
});

const why = (home: Visibility, facts: SecondaryFacts | null, allowPublicOutput = false, permitted = true) =>
  whyNotTakingPart(
    { id: SHOP, name: "acme/shop", visibility: home, allowPublicOutput, confirmed: [] },
    permitted ? "name" : null,
    facts,
  );

const CLOSED: readonly (readonly [string, Change])[] = [
  ["does not accept", { config: configWith([]) }],
  ["accepts others", { config: configWith(["acme/other", "elsewhere/*"]) }],
  ["has no file", { config: { ...configWith([]), config: DEFAULT_CONFIG, blob: null } }],
  ["has a broken file", { config: broken }],
  ["has no commit", { config: { kind: "gone" } }],
];

describe("a repository that takes part", () => {
  it.each(VISIBILITIES)("is one that is as visible as the issue (%s) and accepts", (visibility) => {
    expect(why(visibility, found({ visibility }))).toBeNull();
  });

  it("accepts by name in any case, or by owner", () => {
    for (const accepted of ["acme/shop", "Acme/SHOP", "acme/*"]) {
      expect(why("public", found({ config: configWith([accepted]) }))).toBeNull();
    }
  });

  it("accepts by number: that one and no other, whatever it is called", () => {
    expect(why("public", found({ config: configWith([SHOP]) }))).toBeNull();
    expect(why("public", found({ config: configWith([RepoId.parse(7)]) }))).toEqual({ code: "not_accepting" });
  });

  it("may be more visible only where the issue's configuration says so", () => {
    for (const [home, visibility] of [
      ["private", "internal"],
      ["private", "public"],
      ["internal", "public"],
    ] as const) {
      expect(why(home, found({ visibility }))).toEqual({ code: "more_visible" });
      expect(why(home, found({ visibility }), true)).toBeNull();
    }
  });

  it.each<[Change, object]>([
    [{ source: "inactive" }, { code: "inactive" }],
    [{ archived: true }, { code: "archived" }],
    [{ config: { kind: "gone" } }, { code: "empty" }],
    [{ config: broken }, { code: "config_invalid", line: 3 }],
    [{ config: configWith([]) }, { code: "not_accepting" }],
  ])("is told what is wrong where everybody can see it: %j", (change, expected) => {
    expect(why("public", found(change))).toEqual(expected);
  });

  it("is not looked at where the issue's configuration does not name it", () => {
    expect(why("private", found(), true, false)).toEqual({ code: "not_permitted" });
    expect(why("public", null, false, false)).toEqual({ code: "not_permitted" });
  });
});

describe("a name that another repository bears now", () => {
  const home = { id: SHOP, name: "acme/shop", visibility: "public", allowPublicOutput: false, confirmed: [] } as const;

  it("lets in the one that bore it first, and no other", () => {
    expect(why("public", found({ pinned: { found: API, home: SHOP } }))).toBeNull();
    expect(why("public", found({ pinned: { found: OTHER, home: null } }))).toEqual({ code: "name_taken", id: API });
    expect(why("public", found({ pinned: { found: null, home: OTHER } }))).toEqual({
      code: "accepts_another",
      id: SHOP,
    });
  });

  it("lets in the other one when a person has put its number into the configuration", () => {
    const confirming = { ...home, confirmed: [API] };
    expect(whyNotTakingPart(confirming, "name", found({ pinned: { found: OTHER, home: null } }))).toBeNull();
    const config = configWith(["acme/shop", SHOP]);
    expect(why("public", found({ config, pinned: { found: null, home: OTHER } }))).toBeNull();
    const ofAnother = { ...home, confirmed: [OTHER] };
    expect(whyNotTakingPart(ofAnother, "name", found({ pinned: { found: OTHER, home: null } }))).not.toBeNull();
  });

  it("says nothing where the owner is named: that is everybody's who may create a repository there", () => {
    const pinned = { found: OTHER, home: OTHER };
    const config = configWith(["acme/*"]);
    expect(whyNotTakingPart(home, "owner", found({ config, pinned }))).toBeNull();
  });

  it("of a private repository nobody learns that it meant another", () => {
    const taken = found({ visibility: "private", pinned: { found: null, home: OTHER } });
    expect(why("private", taken)).toEqual({ code: "unavailable" });
  });

  it("is remembered for what a name alone lets in", () => {
    const { facts } = found();
    const pins = (permitted: "name" | "owner", accept_from: (string | RepoId)[]) =>
      pinsOf({ id: SHOP, name: "Acme/Shop" }, permitted, facts, { accept_from });
    expect(pins("name", ["acme/shop"])).toEqual([
      { holder: SHOP, key: "repos", name: "acme/api", repoId: API },
      { holder: API, key: "accept_from", name: "acme/shop", repoId: SHOP },
    ]);
    expect(pins("owner", ["acme/*", "acme/shop"])).toEqual([]);
    expect(pins("owner", [SHOP])).toEqual([]);
  });
});

describe("what nobody learns from a refusal", () => {
  const nothing = why("public", null);

  it("a repository that fewer people see than the issue is none, whatever it is", () => {
    expect(nothing).toEqual({ code: "unavailable" });
    for (const [home, visibility] of [
      ["public", "private"],
      ["public", "internal"],
      ["internal", "private"],
    ] as const) {
      for (const allow of [false, true]) {
        expect(why(home, found({ visibility }), allow)).toEqual(nothing);
        for (const [, change] of CLOSED) expect(why(home, found({ visibility, ...change }), allow)).toEqual(nothing);
        expect(why(home, found({ visibility, archived: true }), allow)).toEqual(nothing);
        expect(why(home, found({ visibility, source: "inactive" }), allow)).toEqual(nothing);
      }
    }
  });

  it.each(CLOSED)("nor one beside a private issue that is private itself and %s: others see it", (_what, change) => {
    expect(why("private", found({ visibility: "private", ...change }))).toEqual(nothing);
    expect(why("private", found({ visibility: "private", archived: true, ...change }))).toEqual(nothing);
  });

  it("a private one that opened itself to the issue's may be spoken of there", () => {
    expect(why("private", found({ visibility: "private", archived: true }))).toEqual({ code: "archived" });
  });
});
