// The world to begin with, as one plain value: people, organizations, repositories, apps and where they are installed.
import { createPublicKey, generateKeyPair } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureLabel } from "./acts/issues.ts";
import { signatureOf } from "./acts/refs.ts";
import { GitObjects } from "./git-objects.ts";
import type { Account, App, BranchRules, Installation, Permissions, Repo, Role } from "./records.ts";
import type { World } from "./world.ts";

export type SeedFile =
  | string
  | Uint8Array
  | Readonly<{ content: string | Uint8Array; mode: "100644" | "100755" | "120000" }>;
export type SeedRepository = Readonly<{
  owner: string;
  name: string;
  visibility?: "public" | "private" | "internal";
  defaultBranch?: string;
  /** Files by path, or a folder whose files are taken. */
  files: Readonly<Record<string, SeedFile>> | Readonly<{ folder: string }>;
  roles?: Readonly<Record<string, Role>>;
  labels?: readonly string[];
  rules?: Readonly<Record<string, Partial<BranchRules>>>;
  archived?: boolean;
}>;
export type SeedApp = Readonly<{
  id: number;
  slug: string;
  name?: string;
  permissions?: Permissions;
  events?: readonly string[];
  webhookSecret?: string;
  webhookUrl?: string;
  /** PEM; generated where there is none. */
  privateKey?: string;
  installations: readonly Readonly<{ account: string; repositories?: readonly string[] }>[];
}>;
export type Seed = Readonly<{
  users: readonly (string | Readonly<{ login: string; id?: number; type?: "User" | "Bot" }>)[];
  organizations?: readonly Readonly<{
    login: string;
    members?: Readonly<Record<string, "admin" | "member">>;
    teams?: Readonly<Record<string, readonly string[]>>;
  }>[];
  repositories: readonly SeedRepository[];
  apps: readonly SeedApp[];
}>;

/** What Countersign asks for; never `workflows` or `administration`. */
export const APP_PERMISSIONS: Permissions = {
  metadata: "read",
  issues: "write",
  checks: "write",
  contents: "write",
  pull_requests: "write",
  deployments: "write",
  statuses: "read",
  actions: "read",
  members: "read",
  merge_queues: "read",
};

const account = (world: World, login: string): Account => {
  const found = world.account(login);
  if (found === null) throw new Error(`the seed names ${login}, who is not in it`);
  return found;
};

type SeedEntry = Readonly<{ content: Uint8Array; mode: string }>;

const entryOf = (file: SeedFile): SeedEntry => {
  const { content, mode } =
    typeof file === "string" || file instanceof Uint8Array ? { content: file, mode: "100644" } : file;
  return { content: Buffer.from(content), mode };
};

const readFolder = async (folder: string, prefix = ""): Promise<[string, SeedEntry][]> => {
  const names = (await readdir(folder)).filter((name) => name !== ".git" && name !== "node_modules");
  const found = await Promise.all(
    names.map(async (name): Promise<[string, SeedEntry][]> => {
      const [full, path] = [join(folder, name), prefix + name];
      const facts = await lstat(full);
      if (facts.isDirectory()) return readFolder(full, `${path}/`);
      if (facts.isSymbolicLink()) return [[path, { content: Buffer.from(await readlink(full)), mode: "120000" }]];
      return [[path, { content: await readFile(full), mode: (facts.mode & 0o100) === 0 ? "100644" : "100755" }]];
    }),
  );
  return found.flat();
};

const filesOf = async (files: SeedRepository["files"]): Promise<[string, SeedEntry][]> => {
  if (typeof files["folder"] === "string" && Object.keys(files).length === 1) return readFolder(files["folder"]);
  return Object.entries(files).map(([path, file]) => [path, entryOf(file)]);
};

export const plantRepository = async (world: World, seed: SeedRepository): Promise<Repo> => {
  const owner = account(world, seed.owner);
  const now = world.now();
  const git = new GitObjects();
  const files = new Map(
    (await filesOf(seed.files)).map(([path, file]) => [path, { mode: file.mode, sha: git.putBlob(file.content) }]),
  );
  const author = signatureOf(owner, now);
  const first = git.putCommit({
    tree: git.putFiles(files),
    parents: [],
    author,
    committer: author,
    message: "Initial commit\n",
    signed: false,
  });
  const branch = seed.defaultBranch ?? "main";
  const rules = Object.entries(seed.rules ?? {}).map(([name, some]): [string, BranchRules] => [
    name,
    { requiredChecks: [], requiredSignatures: false, requiredReviews: 0, mergeQueue: false, kept: "ruleset", ...some },
  ]);
  const repo: Repo = {
    id: world.nextId(),
    owner,
    name: seed.name,
    visibility: seed.visibility ?? "private",
    archived: seed.archived ?? false,
    deleted: false,
    defaultBranch: branch,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    roles: new Map(Object.entries(seed.roles ?? {}).map(([login, role]) => [account(world, login).id, role])),
    git,
    refs: new Map([[`refs/heads/${branch}`, first]]),
    labels: new Map(),
    issues: new Map(),
    gone: new Map(),
    lastNumber: 0,
    suites: [],
    runs: [],
    heldWorkflows: [],
    statuses: [],
    logs: new Map(),
    deployments: [],
    rules: new Map(rules),
  };
  for (const name of seed.labels ?? []) ensureLabel(world, repo, name);
  world.repos.set(repo.id, repo);
  return repo;
};

const newKey = async (): Promise<string> => {
  const pair = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return pair.privateKey;
};

const plantApp = async (world: World, seed: SeedApp): Promise<{ app: App; privateKey: string }> => {
  const privateKey = seed.privateKey ?? (await newKey());
  const app: App = {
    id: seed.id,
    slug: seed.slug,
    name: seed.name ?? seed.slug,
    bot: world.addAccount(`${seed.slug}[bot]`, "Bot"),
    owner: account(world, seed.installations[0]?.account ?? ""),
    publicKey: createPublicKey(privateKey),
    permissions: seed.permissions ?? APP_PERMISSIONS,
    events: seed.events ?? ["*"],
    hookId: world.nextId(),
    webhookSecret: seed.webhookSecret ?? "local webhook secret",
    webhookUrl: seed.webhookUrl ?? null,
    createdAt: world.now(),
  };
  world.apps.set(app.id, app);
  for (const wanted of seed.installations) {
    const owner = account(world, wanted.account);
    const chosen = wanted.repositories?.map((name) => {
      const repo = world.repo(owner.login, name.includes("/") ? (name.split("/")[1] ?? "") : name);
      if (repo === null) throw new Error(`the seed installs ${seed.slug} on ${name}, which is not in it`);
      return repo.id;
    });
    const installation: Installation = {
      id: world.nextId(),
      app,
      account: owner,
      repositories: chosen === undefined ? null : new Set(chosen),
      permissions: app.permissions,
      suspendedAt: null,
      deleted: false,
      createdAt: world.now(),
      updatedAt: world.now(),
    };
    world.installations.set(installation.id, installation);
  }
  return { app, privateKey };
};

/** Plants the seed; returns the private key of each app by its slug. */
export const plant = async (world: World, seed: Seed): Promise<Map<string, string>> => {
  for (const user of seed.users) {
    const { login, id, type } = typeof user === "string" ? { login: user, id: undefined, type: undefined } : user;
    world.addAccount(login, type ?? "User", id);
  }
  for (const wanted of seed.organizations ?? []) {
    const org = world.addAccount(wanted.login, "Organization");
    const members = Object.entries(wanted.members ?? {}).map(([login, role]): [number, "admin" | "member"] => [
      account(world, login).id,
      role,
    ]);
    const teams = Object.entries(wanted.teams ?? {}).map(([slug, logins]) => {
      const team = {
        id: world.nextId(),
        slug,
        name: slug,
        members: new Set(logins.map((login) => account(world, login).id)),
      };
      return [slug, team] as const;
    });
    world.organizations.set(org.id, { account: org, members: new Map(members), teams: new Map(teams) });
  }
  for (const repository of seed.repositories) await plantRepository(world, repository);
  const keys = new Map<string, string>();
  for (const app of seed.apps) keys.set(app.slug, (await plantApp(world, app)).privateKey);
  return keys;
};
