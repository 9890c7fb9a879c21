// Who is calling and what they may: the app's JWT, installation tokens, and what a token was narrowed to.
import { randomBytes, verify } from "node:crypto";
import { z } from "zod";
import { ApiError, notForApps, unprocessable } from "./api-error.ts";
import type { App, Installation, Level, Permissions, Repo, Token } from "./records.ts";
import type { World } from "./world.ts";

export type Caller = { kind: "app"; app: App } | { kind: "installation"; token: Token };

const TOKEN_LIFE_MS = 60 * 60 * 1000;
const JWT_LIFE_S = 600;

const badCredentials = (): ApiError => new ApiError(401, "Bad credentials");

const Header = z.object({ alg: z.literal("RS256") });
const Claims = z.object({ iat: z.number(), exp: z.number(), iss: z.union([z.string(), z.number()]) });

const decoded = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return null;
  }
};

/** Checks a JWT as GitHub does: signature, issuer, and a life of at most ten minutes by the true clock. */
const appOf = (world: World, jwt: string): App => {
  const [header = "", claims = "", signature = ""] = jwt.split(".");
  const says = Claims.safeParse(decoded(claims));
  if (!Header.safeParse(decoded(header)).success || !says.success)
    throw new ApiError(401, "A JSON web token could not be decoded");
  const app = world.apps.get(Number(says.data.iss));
  if (app === undefined) throw new ApiError(401, "'Issuer' claim ('iss') must be an Integer of an existing app");
  const signed = verify(
    "RSA-SHA256",
    Buffer.from(`${header}.${claims}`),
    app.publicKey,
    Buffer.from(signature, "base64url"),
  );
  if (!signed) throw new ApiError(401, "A JSON web token could not be decoded");
  const now = world.now().getTime() / 1000;
  if (says.data.exp <= now) throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the past");
  if (says.data.exp > now + JWT_LIFE_S)
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  if (says.data.iat > now + 60)
    throw new ApiError(401, "'Issued at' claim ('iat') must be an Integer that is in the past");
  return app;
};

/** Throws 401 for everything that is not a JWT of an app or a live token; an unknown token is nobody. */
export const identify = (world: World, authorization: string | undefined): Caller => {
  const secret = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (secret === undefined) throw new ApiError(401, "Requires authentication");
  const token = world.tokens.find((one) => one.value === secret);
  if (token === undefined) {
    if (secret.split(".").length === 3 && !secret.startsWith("ghs_")) return { kind: "app", app: appOf(world, secret) };
    throw badCredentials();
  }
  if (token.revokedAt !== null || token.expiresAt <= world.now() || token.installation.deleted) throw badCredentials();
  if (token.installation.suspendedAt !== null) throw new ApiError(403, "This installation has been suspended");
  return { kind: "installation", token };
};

const covers = (has: Level | undefined, wants: Level): boolean =>
  has === "write" || (has === "read" && wants === "read");

export type Wanted = Readonly<{
  permissions?: Readonly<Record<string, string>> | undefined;
  repositoryIds?: readonly number[] | undefined;
  repositories?: readonly string[] | undefined;
}>;

/** Mints a token. Asking for more than the installation has is an error, as on GitHub, never a smaller token. */
export const issueToken = (world: World, installation: Installation, wanted: Wanted): Token => {
  if (installation.deleted) throw new ApiError(404, "Not Found");
  if (installation.suspendedAt !== null) throw new ApiError(403, "This installation has been suspended");
  const permissions: Record<string, Level> = {};
  for (const [name, level] of Object.entries(wanted.permissions ?? installation.permissions)) {
    if ((level !== "read" && level !== "write") || !covers(installation.permissions[name], level))
      throw unprocessable("The permissions requested are not granted to this installation.");
    permissions[name] = level;
  }
  const reachable = [...world.repos.values()].filter((repo) => !repo.deleted && world.covers(installation, repo));
  const named = [
    ...(wanted.repositoryIds ?? []).map((id) => reachable.find((repo) => repo.id === id)),
    ...(wanted.repositories ?? []).map((name) =>
      reachable.find((repo) => repo.name.toLowerCase() === name.toLowerCase()),
    ),
  ];
  if (named.includes(undefined))
    throw unprocessable(
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  const narrowed = wanted.repositoryIds !== undefined || wanted.repositories !== undefined;
  const issuedAt = world.now();
  const token: Token = {
    id: world.nextId(),
    value: `ghs_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "x")}`,
    app: installation.app.slug,
    installation,
    permissions: { metadata: "read", ...permissions },
    repositories: narrowed ? [...new Set(named.flatMap((repo) => (repo === undefined ? [] : [repo.id])))] : null,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + TOKEN_LIFE_MS),
    revokedAt: null,
  };
  world.tokens.push(token);
  return token;
};

export const sees = (world: World, token: Token, repo: Repo): boolean =>
  world.covers(token.installation, repo) && (token.repositories === null || token.repositories.includes(repo.id));

/** One of these permissions is enough; each is written `name:level`. */
export type Needs = readonly (readonly [name: string, level: Level])[];

export const holds = (token: Permissions, needs: Needs): boolean =>
  needs.length === 0 || needs.some(([name, level]) => covers(token[name], level));

export const demand = (permissions: Permissions, needs: Needs): void => {
  if (!holds(permissions, needs)) throw notForApps();
};
