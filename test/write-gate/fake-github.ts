// A GitHub over HTTP that knows just what the WriteGate needs, enforces what tokens may, and fails where a test says so.
import { createServer, type IncomingMessage } from "node:http";
import { GitModel } from "./git-model.ts";

export const APP_ID = 12345;
export const BOT_ID = 4200;
const BOT = { id: BOT_ID, login: "countersign[bot]", type: "Bot" };

type FakePull = {
  number: number;
  state: "open" | "closed";
  head: string;
  base: string;
  title: string;
  body: string;
  author: { id: number; login: string; type: string };
  /** What a merge made of it, and the head that was merged. */
  merged?: Readonly<{ commit: string; head: string }>;
};

export type FakeDeployment = Readonly<{
  id: number;
  sha: string;
  environment: string;
  creator: Readonly<{ id: number; login: string; type: string }>;
  payload: unknown;
}>;

type FakeComment = {
  id: number;
  body: string;
  author: { id: number; login: string; type: string };
  createdAt: string;
  updatedAt: string;
  viaAppId: number | null;
};

export type FakeReview = Readonly<{
  id: number;
  author: Readonly<{ id: number; login: string; type?: string }>;
  state: string;
  submittedAt: string | null;
}>;

export type FakeRepo = {
  readonly id: number;
  owner: string;
  name: string;
  archived: boolean;
  readonly git: GitModel;
  readonly refs: Map<string, string>;
  readonly pulls: FakePull[];
  readonly comments: Map<number, FakeComment[]>;
  /** By pull request. */
  readonly reviews: Map<number, readonly FakeReview[]>;
  rules: { type: string }[];
  signs: boolean;
  visibility: "private" | "internal" | "public";
  readonly deployments: FakeDeployment[];
  /** Checks that are green on every commit. */
  readonly green: Set<string>;
};

export type FakeToken = {
  readonly value: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly repos: readonly number[];
  revoked: boolean;
};

export type Request = Readonly<{
  method: string;
  path: string;
  token: string;
  query: Readonly<Record<string, string>>;
  body: Readonly<Record<string, unknown>>;
}>;

/** `before`: nothing happens and the answer is this. `after`: it happens, and the answer is lost or this. */
export type Fault = {
  readonly method: string;
  readonly path: RegExp;
  readonly when: "before" | "after";
  readonly answer: "lost" | { status: number; body?: unknown; headers?: Record<string, string> };
  times: number;
  /** Of these requests alone. */
  readonly only?: (body: Record<string, unknown>) => boolean;
};

/** Nothing happens, and GitHub says this. */
export const answering = (method: string, path: RegExp, status: number, body: unknown): Fault => ({
  method,
  path,
  when: "before",
  answer: { status, body },
  times: 1,
});

type Reply = Readonly<{ status: number; body?: unknown }>;
type Call = Readonly<{
  repo: FakeRepo;
  body: Record<string, unknown>;
  query: URLSearchParams;
  parts: readonly string[];
}>;

const ok = (body: unknown): Reply => ({ status: 200, body });
const created = (body: unknown): Reply => ({ status: 201, body });
const missing: Reply = { status: 404, body: { message: "Not Found" } };
const refused = (message: string): Reply => ({ status: 422, body: { message } });
const text = (value: unknown): string => (typeof value === "string" ? value : "");

const headOf = (repo: FakeRepo, { merged, head }: FakePull): string =>
  merged?.head ?? repo.refs.get(`refs/heads/${head}`) ?? "0".repeat(40);

const pullShape = (repo: FakeRepo, pull: FakePull) => ({
  number: pull.number,
  state: pull.state,
  merged_at: pull.merged === undefined ? null : "2026-11-21T09:59:00Z",
  merge_commit_sha: pull.merged?.commit ?? null,
  head: { sha: headOf(repo, pull), ref: pull.head, repo: { id: repo.id } },
  base: { sha: repo.refs.get(`refs/heads/${pull.base}`) ?? "0".repeat(40), ref: pull.base },
  user: pull.author,
  title: pull.title,
  body: pull.body,
  html_url: `https://github.test/${repo.owner}/${repo.name}/pull/${pull.number}`,
});

const commentShape = (comment: FakeComment) => ({
  id: comment.id,
  node_id: `IC_${comment.id}`,
  body: comment.body,
  user: comment.author,
  performed_via_github_app: comment.viaAppId === null ? null : { id: comment.viaAppId },
  created_at: comment.createdAt,
  updated_at: comment.updatedAt,
  html_url: "https://github.test/comment",
});

const commitShape = (repo: FakeRepo, sha: string) => {
  const commit = repo.git.commits.get(sha);
  return commit === undefined
    ? null
    : {
        sha,
        tree: { sha: commit.tree },
        parents: commit.parents.map((parent) => ({ sha: parent })),
        message: commit.message,
        verification: { verified: repo.signs },
      };
};

const refShape = (ref: string, sha: string) => ({ ref, object: { type: "commit", sha } });

const makeTree = ({ repo, body }: Call): Reply => {
  const files = repo.git.files(text(body["base_tree"]));
  if (!repo.git.trees.has(text(body["base_tree"]))) return refused("base_tree is not a tree");
  for (const entry of Array.isArray(body["tree"]) ? body["tree"] : []) {
    if (entry.sha === null && !files.delete(entry.path)) return refused("GitRPC::BadObjectState");
    if (entry.sha === null) continue;
    if (!repo.git.blobs.has(entry.sha)) return refused(`tree.sha ${entry.sha} is not a valid blob`);
    files.set(entry.path, { mode: entry.mode, sha: entry.sha });
  }
  return created({ sha: repo.git.tree(files) });
};

const makeCommit = ({ repo, body }: Call): Reply => {
  const parents = Array.isArray(body["parents"]) ? body["parents"].map(String) : [];
  if (body["author"] !== undefined || body["committer"] !== undefined) return refused("a signature was given");
  if (!repo.git.trees.has(text(body["tree"]))) return refused("Tree SHA does not exist");
  return created(commitShape(repo, repo.git.commit(text(body["tree"]), parents, text(body["message"]))));
};

const makeRef = ({ repo, body }: Call): Reply => {
  const ref = text(body["ref"]);
  if (repo.refs.has(ref)) return refused("Reference already exists");
  if (!repo.git.commits.has(text(body["sha"]))) return refused("Object does not exist");
  if (repo.rules.some(({ type }) => type === "creation")) return refused("Repository rule violations found");
  repo.refs.set(ref, text(body["sha"]));
  return created(refShape(ref, text(body["sha"])));
};

const moveRef = ({ repo, body, parts }: Call): Reply => {
  const ref = `refs/${parts[0] ?? ""}`;
  const now = repo.refs.get(ref);
  const next = text(body["sha"]);
  if (now === undefined) return refused("Reference does not exist");
  if (body["force"] !== false) return refused("force was asked for");
  if (!repo.git.isAncestor(now, next)) return refused("Update is not a fast forward");
  repo.refs.set(ref, next);
  return ok(refShape(ref, next));
};

const makePull = ({ repo, body }: Call): Reply => {
  const [head, base] = [text(body["head"]), text(body["base"])];
  if (!repo.refs.has(`refs/heads/${head}`) || !repo.refs.has(`refs/heads/${base}`)) return refused("head invalid");
  if (repo.pulls.some((pull) => pull.state === "open" && pull.head === head && pull.base === base)) {
    return refused(`A pull request already exists for ${repo.owner}:${head}.`);
  }
  const number = 50 + repo.pulls.length;
  const pull: FakePull = {
    number,
    state: "open",
    head,
    base,
    title: text(body["title"]),
    body: text(body["body"]),
    author: BOT,
  };
  repo.pulls.push(pull);
  return created(pullShape(repo, pull));
};

/** The tree of the merge is that of the head: none of these bases moves on. */
export const mergePull = (repo: FakeRepo, pull: FakePull, method: string, message: string): string => {
  const ref = `refs/heads/${pull.base}`;
  const [base = "", head] = [repo.refs.get(ref), headOf(repo, pull)];
  const tree = repo.git.commits.get(head)?.tree ?? "";
  const commit = repo.git.commit(tree, method === "merge" ? [base, head] : [base], message);
  repo.refs.set(ref, commit);
  pull.state = "closed";
  pull.merged = { commit, head };
  return commit;
};

const merge = ({ repo, body, parts }: Call): Reply => {
  const pull = repo.pulls.find(({ number }) => number === Number(parts[0]));
  if (pull === undefined) return missing;
  if (pull.state === "closed") return { status: 405, body: { message: "Pull Request is not mergeable" } };
  if (body["sha"] !== headOf(repo, pull)) {
    return { status: 409, body: { message: "Head branch was modified. Review and try the merge again." } };
  }
  const message = `${text(body["commit_title"])}\n\n${text(body["commit_message"])}`;
  const sha = mergePull(repo, pull, text(body["merge_method"]), message);
  return ok({ sha, merged: true, message: "Pull Request successfully merged" });
};

const deploymentShape = (deployment: FakeDeployment) => ({ ...deployment, created_at: "2026-11-21T10:00:00Z" });

const listDeployments = ({ repo, query }: Call): Reply => {
  const asked = (["sha", "environment"] as const).filter((name) => query.has(name));
  const found = repo.deployments.filter((one) => asked.every((name) => one[name] === query.get(name)));
  return ok(found.toReversed().map(deploymentShape));
};

const makeDeployment = ({ repo, body }: Call): Reply => {
  const required = Array.isArray(body["required_contexts"]) ? body["required_contexts"].map(String) : ["everything"];
  if (body["auto_merge"] !== false) return { status: 202, body: { message: "Auto-merged main into the commit." } };
  if (required.some((name) => !repo.green.has(name))) {
    return { status: 409, body: { message: "Conflict: Commit status checks failed." } };
  }
  if (!repo.git.commits.has(text(body["ref"]))) return refused("No ref found");
  const made: FakeDeployment = {
    id: 700 + repo.deployments.length,
    sha: text(body["ref"]),
    environment: text(body["environment"]),
    creator: BOT,
    payload: body["payload"],
  };
  repo.deployments.push(made);
  return created(deploymentShape(made));
};

const compare = ({ repo, parts }: Call): Reply => {
  const [base = "", head = ""] = (parts[0] ?? "").split("...");
  if (!repo.git.commits.has(base) || !repo.git.commits.has(head)) return missing;
  if (base === head) return ok({ status: "identical" });
  if (repo.git.isAncestor(base, head)) return ok({ status: "ahead" });
  return ok({ status: repo.git.isAncestor(head, base) ? "behind" : "diverged" });
};

type Route = readonly [method: string, path: RegExp, permission: string, answer: (call: Call) => Reply];

const orMissing = (body: unknown): Reply => (body === null || body === undefined ? missing : ok(body));

const ROUTES: readonly Route[] = [
  [
    "GET",
    /^$/,
    "metadata:read",
    ({ repo }) =>
      ok({
        id: repo.id,
        name: repo.name,
        owner: { login: repo.owner },
        default_branch: "main",
        private: repo.visibility !== "public",
        visibility: repo.visibility,
        archived: repo.archived,
      }),
  ],
  [
    "GET",
    /^\/git\/ref\/(.+)$/,
    "contents:read",
    ({ repo, parts }) => {
      const sha = repo.refs.get(`refs/${parts[0]}`);
      return orMissing(sha === undefined ? null : refShape(`refs/${parts[0]}`, sha));
    },
  ],
  [
    "GET",
    /^\/commits\/([^/]+)$/,
    "contents:read",
    ({ repo, parts }) => {
      const made = commitShape(repo, parts[0] ?? "");
      return orMissing(made === null ? null : { ...made, commit: { message: made.message, tree: made.tree } });
    },
  ],
  ["GET", /^\/compare\/(.+)$/, "contents:read", compare],
  ["GET", /^\/rules\/branches\/(.+)$/, "metadata:read", ({ repo }) => ok(repo.rules)],
  [
    "GET",
    /^\/issues\/comments\/(\d+)$/,
    "issues:read",
    ({ repo, parts }) => {
      const found = [...repo.comments.values()].flat().find(({ id }) => id === Number(parts[0]));
      return orMissing(found === undefined ? null : commentShape(found));
    },
  ],
  [
    "GET",
    /^\/issues\/(\d+)\/comments$/,
    "issues:read",
    ({ repo, parts, query }) => {
      const since = query.get("since") ?? "";
      return ok(
        (repo.comments.get(Number(parts[0])) ?? [])
          .filter(({ updatedAt }) => new Date(updatedAt).toISOString() >= since)
          .map(commentShape),
      );
    },
  ],
  [
    "GET",
    /^\/pulls\/(\d+)\/reviews$/,
    "pull_requests:read",
    ({ repo, parts }) =>
      ok(
        (repo.reviews.get(Number(parts[0])) ?? []).map(({ id, author, state, submittedAt }) => ({
          id,
          user: { type: "User", ...author },
          state,
          submitted_at: submittedAt,
        })),
      ),
  ],
  [
    "GET",
    /^\/pulls$/,
    "pull_requests:read",
    ({ repo, query }) => {
      const head = (query.get("head") ?? "").split(":")[1];
      const state = query.get("state") ?? "open";
      return ok(
        repo.pulls
          .filter((pull) => pull.head === head && (state === "all" || pull.state === state))
          .map((pull) => pullShape(repo, pull)),
      );
    },
  ],
  [
    "GET",
    /^\/pulls\/(\d+)$/,
    "pull_requests:read",
    ({ repo, parts }) => {
      const pull = repo.pulls.find(({ number }) => number === Number(parts[0]));
      return orMissing(
        pull === undefined ? null : { ...pullShape(repo, pull), merged: pull.merged !== undefined, draft: false },
      );
    },
  ],
  ["PUT", /^\/pulls\/(\d+)\/merge$/, "contents:write", merge],
  ["GET", /^\/deployments$/, "deployments:read", listDeployments],
  ["POST", /^\/deployments$/, "deployments:write", makeDeployment],
  [
    "POST",
    /^\/git\/blobs$/,
    "contents:write",
    ({ repo, body }) => created({ sha: repo.git.blob(Buffer.from(text(body["content"]), "base64")) }),
  ],
  ["POST", /^\/git\/trees$/, "contents:write", makeTree],
  ["POST", /^\/git\/commits$/, "contents:write", makeCommit],
  ["POST", /^\/git\/refs$/, "contents:write", makeRef],
  ["PATCH", /^\/git\/refs\/(.+)$/, "contents:write", moveRef],
  ["POST", /^\/pulls$/, "pull_requests:write", makePull],
];

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString("utf8"));
};

/** Of those that nothing but the WriteGate asks for. */
export const canWrite = (permissions: FakeToken["permissions"]): boolean =>
  permissions["contents"] === "write" || permissions["deployments"] === "write";

export class FakeGitHub {
  readonly repos = new Map<number, FakeRepo>();
  readonly tokens: FakeToken[] = [];
  readonly requests: Request[] = [];
  readonly faults: Fault[] = [];
  /** What an installation was granted, and how the mint may lie about what it gave. */
  granted: Record<string, string> = {
    contents: "write",
    pull_requests: "write",
    issues: "write",
    checks: "write",
    deployments: "write",
    statuses: "read",
    metadata: "read",
  };
  mintLie: ((answer: Record<string, unknown>) => Record<string, unknown>) | null = null;
  url = "";
  close: () => Promise<void> = async () => {};

  repo(id: number, owner: string, name: string, texts: Readonly<Record<string, string>>): FakeRepo {
    const git = new GitModel();
    const base = git.snapshot(texts, [], "first");
    const repo: FakeRepo = {
      id,
      owner,
      name,
      archived: false,
      git,
      refs: new Map([["refs/heads/main", base]]),
      pulls: [],
      comments: new Map(),
      reviews: new Map(),
      rules: [],
      signs: true,
      visibility: "private",
      deployments: [],
      green: new Set(),
    };
    this.repos.set(id, repo);
    return repo;
  }

  /** Changes that anyone could see: refs and pull requests. */
  get visible(): readonly Request[] {
    return this.requests.filter(({ method, path }) => method !== "GET" && /\/(git\/refs|pulls)/.test(path));
  }

  /** Every call that changed contents, refs or pull requests, seen or not. */
  get writes(): readonly Request[] {
    return this.requests.filter(({ method, path }) => method !== "GET" && /^\/repos\//.test(path));
  }

  get liveWriteTokens(): readonly FakeToken[] {
    return this.tokens.filter(({ permissions, revoked }) => !revoked && canWrite(permissions));
  }

  async listen(): Promise<void> {
    const server = createServer(async (request, response) => {
      const body = await bodyOf(request);
      const url = new URL(request.url ?? "/", "http://fake");
      const method = request.method ?? "GET";
      const path = decodeURIComponent(url.pathname);
      const token = (request.headers.authorization ?? "").replace(/^(token|bearer) /i, "");
      this.requests.push({ method, path, token, query: Object.fromEntries(url.searchParams), body });
      const fault = this.faults.find(
        (one) => one.times > 0 && one.method === method && one.path.test(path) && (one.only?.(body) ?? true),
      );
      if (fault !== undefined) fault.times -= 1;
      const done = fault?.when === "before" ? null : this.#answer(method, path, token, body, url.searchParams);
      const reply: (Reply & { headers?: Record<string, string> }) | null =
        fault === undefined || fault.answer === "lost" ? done : fault.answer;
      if (reply === null || fault?.answer === "lost") return void request.socket.destroy();
      response.writeHead(reply.status, {
        "content-type": "application/json",
        ...reply.headers,
      });
      response.end(reply.status === 204 ? undefined : JSON.stringify(reply.body ?? {}));
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not listening");
    this.url = `http://127.0.0.1:${address.port}`;
    this.close = async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    };
  }

  #answer(method: string, path: string, secret: string, body: Record<string, unknown>, query: URLSearchParams): Reply {
    if (path === "/app") return ok({ id: APP_ID, slug: "countersign" });
    if (path === "/app/installations") return ok([{ id: 77 }]);
    if (/^\/app\/installations\/\d+\/access_tokens$/.test(path)) return this.#mint(body);
    const token = this.tokens.find(({ value, revoked }) => value === secret && !revoked);
    if (token === undefined) return { status: 401, body: { message: "Bad credentials" } };
    if (path === "/users/countersign[bot]") return ok(BOT);
    if (path === "/installation/token" && method === "DELETE") {
      token.revoked = true;
      return { status: 204 };
    }
    const [, owner, name, rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(.*)$/.exec(path) ?? [];
    const repo = [...this.repos.values()].find((one) => one.owner === owner && one.name === name);
    if (repo === undefined || !token.repos.includes(repo.id)) return missing;
    for (const [verb, pattern, permission, answer] of ROUTES) {
      const match = pattern.exec(rest);
      if (verb !== method || match === null) continue;
      const [kind = "", level = ""] = permission.split(":");
      const has = token.permissions[kind];
      if (has !== level && has !== "write")
        return { status: 403, body: { message: "Resource not accessible by integration" } };
      return answer({ repo, body, query, parts: match.slice(1) });
    }
    return missing;
  }

  #mint(body: Record<string, unknown>): Reply {
    const permissions: Record<string, string> = Object.fromEntries(Object.entries(body["permissions"] ?? {}));
    const repos = Array.isArray(body["repository_ids"]) ? body["repository_ids"].map(Number) : [];
    for (const [name, level] of Object.entries(permissions)) {
      const has = this.granted[name];
      if (has !== level && has !== "write")
        return refused("The permissions requested are not granted to this installation.");
    }
    if (repos.some((id) => !this.repos.has(id)))
      return refused("There is at least one repository that is not accessible.");
    const token: FakeToken = {
      value: `ghs_${this.tokens.length}_${Math.random().toString(36).slice(2)}`,
      permissions: { metadata: "read", ...permissions },
      repos,
      revoked: false,
    };
    this.tokens.push(token);
    const answer = {
      token: token.value,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: token.permissions,
      repository_selection: repos.length === 0 ? "all" : "selected",
      ...(repos.length === 0
        ? {}
        : {
            repositories: repos.map((id) => ({
              id,
              full_name: `${this.repos.get(id)?.owner}/${this.repos.get(id)?.name}`,
            })),
          }),
    };
    return created(this.mintLie === null || !canWrite(permissions) ? answer : this.mintLie(answer));
  }
}
