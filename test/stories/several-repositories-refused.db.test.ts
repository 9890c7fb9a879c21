// Repositories that may not take part: the label starts nothing, and one comment says what to change, without telling on anybody.
import { eq } from "drizzle-orm";
import { afterEach, expect, it } from "vitest";
import { deliveries, sources } from "../../src/db/schema.ts";
import { nextSecond } from "../support/on-the-way.ts";
import { ledgerOf, quiet, wordsOf } from "../support/reading-back.ts";
import { API, answersFor, beside, ISSUE, SHOP, shopFiles } from "../support/several-repositories.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const ALL = "repos: {allow: [acme/*]}\n";
const asking = (name: string) => ({ ...ISSUE, body: `${ISSUE.body}\n\nRepos: ${name}` });

/** What is said on the issue when the label was put on, and nothing else came of it. */
async function refused(here: World, issue: number): Promise<string> {
  await here.until(() => here.ours(issue).length > 0, "the refusal");
  await quiet(here);
  const said = here.ours(issue).map(wordsOf);
  expect(said).toHaveLength(1);
  expect(await here.database.db.sql.select().from(deliveries)).toEqual([]);
  expect(here.github.contentWrites("countersign")).toEqual([]);
  return said[0] ?? "";
}

it("each is named with what to change, where everybody sees it", async () => {
  const here = await openWorld({
    files: shopFiles("repos: {allow: [acme/api, acme/closed, acme/old, acme/broken, acme/retired]}\n"),
    beside: [
      beside("acme/closed", { config: "accept_from: [acme/other]\n" }),
      beside("acme/old", { archived: true }),
      beside("acme/broken", { config: "label: x\naccept_from: 7\n" }),
      beside("acme/retired"),
      beside("acme/foreign"),
    ],
  });
  world = here;
  // The operator took it out of service: it is known, and inactive by no word of GitHub's.
  here.github.installation("countersign").announce();
  await quiet(here);
  const retired = eq(sources.name, "retired");
  await here.database.db.transaction(({ sql }) => sql.update(sources).set({ active: false }).where(retired));

  const said: string[] = [];
  for (const name of ["acme/foreign", "acme/closed", "acme/old", "acme/broken", "acme/retired"]) {
    said.push(await refused(here, here.begin(asking(name))));
  }
  expect(said).toEqual([
    "Not started. `acme/foreign` is not among the repositories that `.github/countersign.yml` of `acme/shop` lets take part. It can be added there under `repos`. Put the label on again then.",
    "Not started. `acme/closed` does not let `acme/shop` in. `accept_from: [acme/shop]` in its own `.github/countersign.yml` on its default branch does. Put the label on again then.",
    "Not started. `acme/old` is archived. It would have to be unarchived. Put the label on again then.",
    "Not started. `.github/countersign.yml` of `acme/broken` cannot be used (line 2). It has to be corrected on the default branch. Put the label on again then.",
    "Not started. The operator of this app has taken `acme/retired` out of service. Put the label on again then.",
  ]);
  const unreadable = await refused(here, here.begin(asking("the other one")));
  expect(unreadable).toMatch(/^Not started\. A line of this issue begins with `Repos:`/);
  const many = Array.from({ length: 10 }, (_, at) => `acme/r${at}`).join(", ");
  expect(await refused(here, here.begin(asking(many)))).toMatch(
    /^Not started\. 10 repositories beside this one are named; 9/,
  );
  expect((await ledgerOf(here, `R-${here.shop.id}`)).filter((action) => action === "admission_refused")).toHaveLength(
    7,
  );
  expect(here.model.requests).toEqual([]);
});

it("of a private one nobody learns whether it is there, whatever its configuration says", async () => {
  const here = await openWorld({
    files: shopFiles(ALL),
    beside: [
      beside("acme/secret-open", { visibility: "private" }),
      beside("acme/secret-shut", { visibility: "private", config: null }),
      beside("acme/secret-old", { visibility: "private", archived: true }),
      beside("acme/secret-odd", { visibility: "private", config: "{" }),
      beside("acme/secret-apart", { visibility: "private" }),
    ],
    installedOn: [SHOP, "acme/secret-open", "acme/secret-shut", "acme/secret-old", "acme/secret-odd"],
  });
  world = here;
  const sentences = new Set<string>();
  for (const name of ["nothing", "secret-open", "secret-shut", "secret-old", "secret-odd", "secret-apart"]) {
    const said = await refused(here, here.begin(asking(`acme/${name}`)));
    sentences.add(said.replaceAll(`acme/${name}`, "acme/it"));
  }
  expect([...sentences]).toEqual([
    "Not started. `acme/it` cannot take part. It would have to be a repository that this app is installed on together with `acme/shop`, that everybody who sees this issue may know of, and that names `acme/shop` under `accept_from` in its own `.github/countersign.yml`. Put the label on again then.",
  ]);
});

it("of two private ones as well: who reads the issue need not see the other", async () => {
  const here = await openWorld({
    visibility: "private",
    files: shopFiles(ALL),
    beside: [
      beside("acme/shut", { visibility: "private", config: null }),
      beside("acme/open", { visibility: "private", archived: true }),
    ],
  });
  world = here;
  const shut = await refused(here, here.begin(asking("acme/shut")));
  const nothing = await refused(here, here.begin(asking("acme/none")));
  expect(shut.replaceAll("acme/shut", "acme/none")).toBe(nothing);
  // One that let the issue's repository in may be spoken of there.
  expect(await refused(here, here.begin(asking("acme/open")))).toContain("`acme/open` is archived");
});

it("one that more people see needs the configuration's word, and the label put on again then starts it", async () => {
  const here = await openWorld({
    visibility: "private",
    files: shopFiles("repos: [acme/api]\n"),
    beside: [beside(API)],
    answers: answersFor([SHOP, API]),
  });
  world = here;
  const issue = here.begin(ISSUE);
  expect(await refused(here, issue)).toContain("`acme/api` is seen by more people than this issue");
  here.github.as(PEOPLE.owner).push("main", {
    ".github/countersign.yml": "repos: [acme/api]\nallow_public_output: on\n",
  });
  await nextSecond();
  here.github.as(PEOPLE.approver).unlabel(issue, "countersign");
  here.github.as(PEOPLE.approver).label(issue, "countersign");
  await here.gate(issue, /^\*\*Plan ready/);
});

it("all that may not are named at once", async () => {
  const here = await openWorld({
    files: shopFiles("repos: {include: [acme/api, acme/web], allow: []}\n"),
    beside: [beside(API, { config: null }), beside("acme/web", { archived: true })],
  });
  world = here;
  const said = await refused(here, here.begin({ ...ISSUE, body: "Repos: acme/other, acme/api" }));
  expect(said.split("\n").filter((line) => line.startsWith("- "))).toEqual([
    expect.stringContaining("`acme/api` does not let `acme/shop` in"),
    expect.stringContaining("`acme/web` is archived"),
    expect.stringContaining("`acme/other` is not among"),
  ]);
});

it("one that took the name of another needs a person's word, by its number", async () => {
  const here = await openWorld({
    files: shopFiles("repos: [acme/api]\n"),
    beside: [beside(API)],
    answers: answersFor([SHOP, API]),
  });
  world = here;
  await here.gate(here.begin(ISSUE), /^\*\*Plan ready/);
  here.github.as(PEOPLE.owner).in(API).renameRepository("api-of-before");
  const { id: taken } = await here.github.addRepository(beside(API, { visibility: "public" }));
  await quiet(here);

  const issue = here.begin({ ...ISSUE, title: "Prices lose their cents again" });
  await here.until(() => here.ours(issue).length > 0, "the refusal");
  expect(here.ours(issue).map(wordsOf)).toEqual([
    `Not started. \`acme/api\` is another repository now than the one that took part under this name. Where that is meant, \`confirmed: [${taken}]\` under \`repos\` in \`.github/countersign.yml\` of \`acme/shop\` lets it in. Put the label on again then.`,
  ]);
  here.github.as(PEOPLE.owner).push("main", {
    ".github/countersign.yml": `repos: {include: [acme/api], confirmed: [${taken}]}\n`,
  });
  await nextSecond();
  here.github.as(PEOPLE.approver).unlabel(issue, "countersign");
  here.github.as(PEOPLE.approver).label(issue, "countersign");
  await here.gate(issue, /^\*\*Plan ready/);
});
