// Stories of a delivery in several repositories: acme/shop with the issue, acme/api and acme/web beside it, and what the model says.
import type { SeedRepository } from "../../demo/github/seed.ts";
import { answer, type Reply } from "../../demo/model/reply.ts";
import type { Script } from "../../demo/model/scripted-model.ts";
import type { PlanDocument } from "../../src/artifacts/plan.ts";
import { type AtGate, PATCHES, toPlan } from "./on-the-way.ts";
import { quiet, rowOf } from "./reading-back.ts";
import type { SceneOptions } from "./scene.ts";
import { PEOPLE, type World } from "./world.ts";

export const SHOP = "acme/shop";
export const API = "acme/api";
export const WEB = "acme/web";

export const TITLE = "Prices lose their cents";
export const ISSUE = {
  title: TITLE,
  body: "`price(1050)` shows 10 instead of 10.50, in the shop and in what the API says.",
};

/** Each has the same small defect, so that one answer of the model fits any of them. */
const source = "export const price = (cents) => String(Math.floor(cents / 100));\n";
const mended = "export const price = (cents) => (cents / 100).toFixed(2);\n";

/** As it must be to let acme/shop in. */
export const ACCEPTS_SHOP = "accept_from: [acme/shop]\n";

/** A repository beside acme/shop: public, and open to it, unless told otherwise. `config` null: no file at all. */
export const beside = (
  name: string,
  options: Partial<Omit<SeedRepository, "name" | "owner">> & Readonly<{ config?: string | null }> = {},
): SeedRepository => {
  const { config = ACCEPTS_SHOP, ...others } = options;
  const [owner = "", rest = ""] = name.split("/");
  const files = {
    "README.md": `# ${rest}\n`,
    "src/price.js": source,
    ...(config === null ? {} : { ".github/countersign.yml": config }),
  };
  return { owner, name: rest, files, ...others };
};

/** What acme/shop holds, with its configuration. */
export const shopFiles = (config: string): Record<string, string> => ({
  "README.md": "# shop\n",
  "src/price.js": source,
  ".github/countersign.yml": config,
});

const planFor = (repositories: readonly string[]): PlanDocument => ({
  title: "Show prices with their cents",
  cause: "`price` rounds down to whole units.",
  change: "`price` shows two decimals.",
  size: `${repositories.length} files, one line each`,
  scope: ["`price` in every repository."],
  nonGoals: [],
  architecture: "Nothing moves.",
  diagram: null,
  tasks: repositories.map((repository, index) => ({
    id: `T${index + 1}`,
    title: `Cents in ${repository}`,
    repository,
    files: ["src/price.js"],
    description: "Show two decimals.",
    dependsOn: [],
  })),
  criteria: [{ id: "AC-1", text: "`price(1050)` is `10.50`.", check: "the tests of the function" }],
  qualityGates: [],
  risks: [],
  questions: [],
});

/** The edit that serves the task of the repository that the proposer was told to work in. */
const editIn =
  (repositories: readonly string[]) =>
  ({ prompt }: { prompt: string }): Reply => {
    const name = /Carry out the approved plan in the repository (\S+), and only there/.exec(prompt)?.[1] ?? "";
    const task = `T${repositories.indexOf(name) + 1}`;
    return answer({
      summary: `Cents in ${name}.`,
      edits: [{ kind: "replace", task, path: "src/price.js", search: source, replace: mended }],
    });
  };

const triage = answer({ decision: "GO", reasons: ["The wrong and the right price are both named."] });

/** A plan with a task in each of these, in this order, and the edits for it. */
export const answersFor = (repositories: readonly string[]): Readonly<Record<string, Script>> => ({
  triage,
  plan: answer(planFor(repositories)),
  edits: editIn(repositories),
});

/** acme/shop that always takes acme/api along, both public, and a model that changes both. */
export const TWO: SceneOptions = {
  files: shopFiles("repos: [acme/api]\n"),
  beside: [beside(API)],
  answers: answersFor([SHOP, API]),
};

/** The same with acme/web as the third. */
export const THREE: SceneOptions = {
  files: shopFiles("repos: [acme/api, acme/web]\n"),
  beside: [beside(API), beside(WEB)],
  answers: answersFor([SHOP, API, WEB]),
};

/** An open gate comment about the patches of one repository. */
export const patchesOf = (name: string): RegExp => new RegExp(`^\\*\\*Patches ready[^\\n]*\`${name}\``);

export type AtPatches = Readonly<{ issue: number; codes: Readonly<Record<string, string>> }>;

/** From the plan's gate to the gates of all its patch sets; answers each one's code by its repository. */
export async function toAllPatches(
  world: World,
  repositories: readonly string[],
  from: AtGate,
  login: string = PEOPLE.approver,
): Promise<AtPatches> {
  const { issue, code: plan } = from;
  await world.say(issue, login, `/approve ${plan}`);
  await world.gate(issue, PATCHES, plan);
  await quiet(world);
  const codes: Record<string, string> = {};
  for (const name of repositories) codes[name] = await world.gate(issue, patchesOf(name), plan);
  return { issue, codes };
}

/** From the label to the gates of all patch sets. `login` approves the plan. */
export const toReview = async (
  world: World,
  repositories: readonly string[],
  issue = ISSUE,
  login?: string,
): Promise<AtPatches> => toAllPatches(world, repositories, await toPlan(world, world.begin(issue)), login);

/** Approves every patch set. */
export const approveAll = async (world: World, { issue }: AtPatches): Promise<void> => {
  await world.say(issue, PEOPLE.approver, "/approve all");
};

type Pull = ReturnType<ReturnType<World["repo"]>["pulls"]>[number];

/** The pull request that the newest delivery of an issue opened in a repository. */
export async function pullIn(world: World, issue: number, name: string): Promise<Pull | undefined> {
  const { id } = await rowOf(world, issue);
  return world
    .repo(name)
    .pulls()
    .find(({ head }) => head.ref === `countersign/d-${id}`);
}

/** What the app changed in repositories, in order: `POST acme/api git/refs`. */
export const contentCalls = ({ github }: World): string[] =>
  github.contentWrites("countersign").map(({ method, path }) => {
    const [, , owner, name, ...rest] = path.split("/");
    return `${method} ${owner}/${name} ${rest.join("/")}`;
  });

/** Branches of ours that stand, by repository. */
export const branchesIn = (world: World, repositories: readonly string[]): string[] =>
  repositories.filter((name) => [...world.repo(name).refs().keys()].some((ref) => ref.includes("countersign/")));

/** Repositories with a pull request of ours. */
export const pullsIn = (world: World, repositories: readonly string[]): string[] =>
  repositories.filter((name) => world.repo(name).pulls().length > 0);

/** The first lines of the status comment, without its folds. */
export const told = (world: World, issue: number): string => world.status(issue).split("<details>")[0] ?? "";
