// A private issue whose delivery also changes a public repository, and issues whose repository is made public on the way.
import { afterEach, expect, it } from "vitest";
import { toPlan } from "../support/on-the-way.ts";
import { quiet } from "../support/reading-back.ts";
import {
  API,
  answersFor,
  approveAll,
  beside,
  ISSUE,
  pullIn,
  SHOP,
  shopFiles,
  toReview,
} from "../support/several-repositories.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const open = async (api: "public" | "private"): Promise<World> => {
  world = await openWorld({
    visibility: "private",
    files: shopFiles("repos: [acme/api]\nallow_public_output: on\n"),
    beside: [beside(API, { visibility: api })],
    answers: answersFor([SHOP, API]),
  });
  return world;
};

/** Words of the issue, of the plan, of what the proposer said it did, and names and links of what only few see. */
const PRIVATE = [
  ISSUE.title,
  "in the shop and in what the API says",
  "Show prices with their cents",
  "rounds down to whole units",
  "shows two decimals",
  "Cents in",
  "Nothing moves",
  "10.50",
  SHOP,
];

/** What the app sent to a repository to be kept or shown there. */
const saidTo = ({ github }: World, name: string): string[] =>
  github.requests
    .filter(({ app, method, path }) => app === "countersign" && method !== "GET" && path.startsWith(`/repos/${name}/`))
    .map(({ path, body }) => `${path.split("/").slice(4).join("/")} ${JSON.stringify(body)}`);

it("says nothing of a private issue in a public repository, from the first check run to the pull request", async () => {
  const here = await open("public");
  const at = await toReview(here, [SHOP, API]);
  expect(here.ours(at.issue).some(({ body }) => body.includes("**More people see `acme/api` than this issue**"))).toBe(
    true,
  );
  await approveAll(here, at);
  await here.until(() => /checks are watched/.test(here.status(at.issue)), "the watch");
  await quiet(here);
  const pull = await pullIn(here, at.issue, API);
  expect(await here.say(at.issue, PEOPLE.approver, "/status")).toBe("+1");
  const asked = here.github
    .as(PEOPLE.approver)
    .in(API)
    .comment(pull?.number ?? 0, "/retry");
  await here.until(
    () =>
      here
        .repo(API)
        .comments(pull?.number ?? 0)
        .find(({ id }) => id === asked.id)?.reactedBy.length,
    "the verdict on a command there",
  );
  await quiet(here);

  const said = saidTo(here, API);
  // Check runs, blobs, tree, commit, branch, pull request, and an answer.
  for (const kind of ["check-runs", "git/commits", "git/refs", "pulls", "comments"])
    expect(
      said.some((one) => one.includes(kind)),
      kind,
    ).toBe(true);
  for (const words of PRIVATE) for (const one of said) expect(one).not.toContain(words);

  // The same words are in what was said to the private one: they are what would be said.
  const inShop = saidTo(here, SHOP).join("\n");
  for (const words of PRIVATE.filter((one) => ![ISSUE.title, "in the shop and in what the API says"].includes(one)))
    expect(inShop, words).toContain(words);
  expect(pull?.title).toMatch(/^Changes of Countersign D-\d+$/);
  expect(pull?.body).toContain("1 file changed.");
});

it("takes everything back from an issue that more people see now, and shows it again when they do not", async () => {
  const here = await open("private");
  const { issue } = await toPlan(here, here.begin(ISSUE));
  const shown = here.ours(issue).map(({ body }) => body);
  expect(shown.join()).toContain("acme/api");

  here.github.as(PEOPLE.owner).setVisibility("public");
  await here.until(() => here.status(issue).includes(": withheld"), "the thread without its words");
  await quiet(here);
  for (const { body } of here.ours(issue)) expect(body).not.toMatch(/acme\/api|cents|price/i);
  for (const run of here.shop.checkRuns()) expect(JSON.stringify(run)).not.toMatch(/acme\/api|cents/i);

  here.github.as(PEOPLE.owner).setVisibility("private");
  await here.until(() => here.status(issue).includes("waiting for a decision"), "the thread with its words");
  await quiet(here);
  const plan = (bodies: readonly string[]) => bodies.find((body) => body.startsWith("**Plan ready"));
  expect(plan(here.ours(issue).map(({ body }) => body))).toContain("acme/api");
});
