// What a route is, how one is found, and what its handler is given. Handlers decide; the server listens and records.
import { z } from "zod";
import type { Needs } from "./access.ts";
import { ApiError, notFound } from "./api-error.ts";
import type { Actor, App, Permissions, Repo, Token } from "./records.ts";
import type { World } from "./world.ts";

export type Answer = Readonly<{ status: number; body?: unknown; headers?: Readonly<Record<string, string>> }>;

export type Call = Readonly<{
  world: World;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: unknown;
  accept: string;
}>;
export type AppCall = Call & Readonly<{ app: App }>;
export type TokenCall = Call & Readonly<{ token: Token; actor: Actor; permissions: Permissions }>;
export type RepoCall = TokenCall & Readonly<{ repo: Repo }>;

type Common = Readonly<{ method: string; pattern: string; match: RegExp; names: readonly string[] }>;
export type Route = Common &
  (
    | Readonly<{ for: "app"; handle: (call: AppCall) => Answer }>
    /** For whoever knows the address. */
    | Readonly<{ for: "anyone"; handle: (call: Call) => Answer }>
    | Readonly<{ for: "token"; needs: Needs; handle: (call: TokenCall) => Answer }>
    | Readonly<{ for: "repo"; needs: Needs; handle: (call: RepoCall) => Answer }>
  );

/** `GET /repos/:owner/:repo/contents/:path*`: a star lets a name hold slashes, or nothing. */
const common = (spec: string): Common => {
  const [method = "", pattern = ""] = spec.split(" ");
  const names: string[] = [];
  const source = pattern.replaceAll(
    /\/:(\w+)(\*?)|[.+?^${}()|[\]\\]/g,
    (text, name: string | undefined, star: string) => {
      if (name === undefined) return `\\${text}`;
      names.push(name);
      return star === "*" ? "(?:/(.*))?" : "/([^/]+)";
    },
  );
  return { method, pattern, match: new RegExp(`^${source}$`), names };
};

export const appRoute = (spec: string, handle: (call: AppCall) => Answer): Route => ({
  ...common(spec),
  for: "app",
  handle,
});
export const openRoute = (spec: string, handle: (call: Call) => Answer): Route => ({
  ...common(spec),
  for: "anyone",
  handle,
});
export const tokenRoute = (spec: string, needs: Needs, handle: (call: TokenCall) => Answer): Route => ({
  ...common(spec),
  for: "token",
  needs,
  handle,
});
/** A route below one repository: `spec` goes on where `/repos/:owner/:repo` ends. */
export const repoRoute = (spec: string, needs: Needs, handle: (call: RepoCall) => Answer): Route => ({
  ...common(spec.replace(" ", " /repos/:owner/:repo")),
  for: "repo",
  needs,
  handle,
});

export const findRoute = (
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | null => {
  for (const route of routes) {
    const found = route.method === method ? route.match.exec(path) : null;
    if (found === null) continue;
    const values = route.names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? "")]);
    return { route, params: Object.fromEntries(values) };
  }
  return null;
};

/** The body in the shape that the route takes, or GitHub's 422. */
export const read = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw new ApiError(422, `Invalid request.\n\n${z.prettifyError(parsed.error)}`);
};

export const param = (call: Call, name: string): string => call.params[name] ?? "";
export const numberParam = (call: Call, name: string): number => {
  const text = param(call, name);
  if (!/^\d+$/.test(text)) throw notFound();
  return Number(text);
};

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const noContent = (): Answer => ({ status: 204 });

const DEFAULT_PAGE = 30;
const LARGEST_PAGE = 100;

/** One page of a list: the items, and the `Link` header by which clients find the others. */
export const page = <T>(call: Call, items: readonly T[]): { items: readonly T[]; headers: Record<string, string> } => {
  const whole = (name: string, fallback: number) =>
    Math.max(1, Math.trunc(Number(call.query.get(name) ?? fallback)) || fallback);
  const size = Math.min(LARGEST_PAGE, whole("per_page", DEFAULT_PAGE));
  const at = whole("page", 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(to));
    return `<${call.world.url}${call.params["$path"]}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(at > 1 ? [link(at - 1, "prev"), link(1, "first")] : []),
    ...(at < last ? [link(at + 1, "next"), link(last, "last")] : []),
  ];
  return {
    items: items.slice((at - 1) * size, at * size),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
};

export const list = <T>(call: Call, items: readonly T[], shape: (item: T) => unknown): Answer => {
  const { items: some, headers } = page(call, items);
  return { status: 200, body: some.map(shape), headers };
};

/** A list that GitHub wraps with its count: check runs, suites, repositories. */
export const counted = <T>(call: Call, name: string, items: readonly T[], shape: (item: T) => unknown): Answer => {
  const { items: some, headers } = page(call, items);
  return { status: 200, body: { total_count: items.length, [name]: some.map(shape) }, headers };
};
