// The HTTP face: identifies the caller, finds the route, checks the token against it, records, and lets faults happen.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Caller, demand, identify, sees } from "./access.ts";
import { ApiError, notFound } from "./api-error.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Repo } from "./records.ts";
import { fullName } from "./records.ts";
import type { LoggedRequest } from "./requests.ts";
import { type Answer, type Call, findRoute, type Route } from "./route.ts";
import type { World } from "./world.ts";

type Parts = Readonly<{
  world: () => World;
  routes: readonly Route[];
  faults: Faults;
  requests: LoggedRequest[];
  changed: () => void;
}>;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
};

const parsed = (text: string): unknown => {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
};

const refused = (error: unknown): Answer => {
  if (!(error instanceof ApiError)) {
    return {
      status: 500,
      body: { message: `the local GitHub is broken: ${error instanceof Error ? error.stack : error}` },
    };
  }
  const { status, message, errors } = error;
  if (status === 301)
    return { status, headers: { location: message }, body: { message: "Moved Permanently", url: message } };
  const body = {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
  };
  return { status, body };
};

/** The repository of a path below `/repos/…` or `/repositories/…`; a former name leads on to the present one. */
const repositoryAt = (world: World, path: string): { repo: Repo; path: string } | null => {
  const byId = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  if (byId !== null) {
    const repo = world.repos.get(Number(byId[1]));
    if (repo === undefined || repo.deleted) throw notFound();
    return { repo, path: `/repos/${fullName(repo)}${byId[2] ?? ""}` };
  }
  const byName = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path);
  if (byName === null) return null;
  const [, owner = "", name = "", rest = ""] = byName;
  const repo = world.repo(owner, name);
  if (repo !== null) return { repo, path };
  const moved = world.formerNames.get(`${owner}/${name}`.toLowerCase());
  if (moved !== undefined) throw new ApiError(301, `${world.url}/repositories/${moved}${rest}`);
  throw notFound();
};

const perform = (
  world: World,
  routes: readonly Route[],
  known: Caller | ApiError,
  asked: Omit<Call, "world" | "params"> & { method: string; path: string },
  log: LoggedRequest,
): Answer => {
  const { method, path, ...rest } = asked;
  const open = findRoute(
    routes.filter((route) => route.for === "anyone"),
    method,
    path,
  );
  if (open?.route.for === "anyone") {
    log.known = true;
    return open.route.handle({ world, params: { ...open.params, $path: path }, ...rest });
  }
  if (known instanceof ApiError) throw known;
  const caller = known;
  // An app's own routes come first: one of them stands below /repos, and needs no repository that a token sees.
  if (caller.kind === "app") {
    const found = findRoute(
      routes.filter((route) => route.for === "app"),
      method,
      path,
    );
    if (found?.route.for === "app") {
      log.known = true;
      return found.route.handle({ world, params: { ...found.params, $path: path }, ...rest, app: caller.app });
    }
    log.known = findRoute(routes, method, path) !== null;
    throw log.known ? new ApiError(401, "A JSON web token could not be decoded") : notFound();
  }
  const at = repositoryAt(world, path);
  const found = findRoute(routes, method, at?.path ?? path);
  log.known = found !== null;
  if (found === null) throw notFound();
  const { route, params } = found;
  const { token } = caller;
  const call = {
    world,
    params: { ...params, $path: path },
    ...rest,
    token,
    permissions: token.permissions,
    actor: { account: token.installation.app.bot, via: token.installation.app },
  };
  if (route.for === "app" || route.for === "anyone") throw new ApiError(401, "A JSON web token could not be decoded");
  if (route.for === "token") {
    demand(token.permissions, route.needs);
    return route.handle(call);
  }
  if (at === null || !sees(world, token, at.repo)) throw notFound();
  demand(token.permissions, route.needs);
  if (at.repo.archived && method !== "GET") throw new ApiError(403, "Repository was archived so is read-only.");
  return route.handle({ ...call, repo: at.repo });
};

const write = (response: ServerResponse, answer: Answer, at: Date): void => {
  const { status, body, headers } = answer;
  const raw = Buffer.isBuffer(body) || typeof body === "string";
  const type = raw ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, {
    ...(body === undefined ? {} : { "content-type": type }),
    date: at.toUTCString(),
    "x-github-media-type": "github.v3",
    ...headers,
  });
  response.end(body === undefined ? undefined : raw ? body : JSON.stringify(body));
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs what comes before the request; the answer to give instead, "drop", or null to go on. */
const before = async (faults: readonly Fault[]): Promise<Answer | "drop" | null> => {
  for (const fault of faults) {
    if (fault.kind === "delay") await pause(fault.ms);
    if (fault.kind === "meanwhile") await fault.run();
    if (fault.kind === "drop") return "drop";
    if (fault.kind === "answer")
      return { status: fault.status, body: fault.body ?? { message: "" }, headers: fault.headers ?? {} };
  }
  return null;
};

const whoIs = (caller: Caller | ApiError): Pick<LoggedRequest, "app" | "tokenId" | "permissions"> => {
  if (caller instanceof ApiError) return { app: null, tokenId: null, permissions: null };
  if (caller.kind === "app") return { app: caller.app.slug, tokenId: null, permissions: null };
  return { app: caller.token.app, tokenId: caller.token.id, permissions: caller.token.permissions };
};

const identified = (world: World, authorization: string | undefined): Caller | ApiError => {
  try {
    return identify(world, authorization);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
};

const answerTo = async (parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const world = parts.world();
  const url = new URL(request.url ?? "/", world.url);
  const method = request.method ?? "GET";
  const text = await bodyOf(request);
  const caller = identified(world, request.headers.authorization);
  let body: unknown = text;
  let answer: Answer | null = null;
  try {
    body = parsed(text);
  } catch (error) {
    answer = refused(error);
  }
  const log: LoggedRequest = {
    seq: parts.requests.length + 1,
    at: new Date(),
    method,
    path: url.pathname,
    query: url.search,
    ...whoIs(caller),
    body,
    known: true,
    status: null,
    performed: false,
  };
  parts.requests.push(log);
  const faults = parts.faults.take({ method, path: url.pathname, app: log.app });
  const instead = await before(faults);
  if (instead === "drop") {
    request.socket.destroy();
    return;
  }
  answer ??= instead;
  if (answer === null) {
    log.performed = true;
    try {
      const asked = { method, path: url.pathname, query: url.searchParams, body, accept: request.headers.accept ?? "" };
      answer = perform(world, parts.routes, caller, asked, log);
    } catch (error) {
      answer = refused(error);
    }
  }
  if (faults.some((fault) => fault.kind === "lose_response")) {
    request.socket.destroy();
    parts.changed();
    return;
  }
  for (const fault of faults) if (fault.kind === "rewrite") answer = { ...answer, body: fault.body(answer.body) };
  log.status = answer.status;
  write(response, answer, world.now());
  parts.changed();
};

export const listen = async (parts: Parts): Promise<{ server: Server; url: string }> => {
  const server = createServer((request, response) => {
    answerTo(parts, request, response).catch((error: unknown) => {
      if (!response.headersSent) write(response, refused(error), new Date());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the local GitHub does not listen on a port");
  return { server, url: `http://127.0.0.1:${address.port}` };
};
