// The doors to GitHub that the shell is handed. The write client is not among them: it lives behind `write-gate/`.
import type { InstallationId, RepoId } from "../ids.ts";
import type { Redirects } from "./bounded-fetch.ts";
import { openClient } from "./client.ts";
import type { Connection } from "./connection.ts";
import { NotGranted } from "./errors.ts";
import { findRepository } from "./find-repository.ts";
import { type HookLog, openHookLog } from "./hook-log.ts";
import { type OpenOwnIssues, ownIssues } from "./own-issues.ts";
import type { Reading } from "./reading.ts";
import { readShipping, type ShipReading } from "./reading-shipping.ts";
import { addressBook } from "./repositories.ts";
import { restReading } from "./rest-reading.ts";
import { restSpeaking } from "./rest-speaking.ts";
import { readSelf, type Self } from "./self.ts";
import type { Speaking } from "./speaking.ts";
import { createTokenCache } from "./token-cache.ts";
import {
  type Asked,
  LOOKING,
  mint,
  type Permissions,
  READING,
  READING_ACTIONS,
  READING_DEPLOYMENTS,
  READING_TEAMS,
  SPEAKING,
  type Token,
} from "./tokens.ts";

export interface GitHub {
  /** Who we are: numeric id and slug of the App, and the id of its bot account. */
  readonly self: () => Promise<Self>;
  /** A token with read permissions for these repositories of one installation; may be cached until it nears its end. */
  readonly reading: (installation: InstallationId, repos: readonly RepoId[], signal?: AbortSignal) => Promise<Reading>;
  /** The same read permissions, for what stands between a pull request and its merge, and `deployments: read` apart. */
  readonly shipping: (
    installation: InstallationId,
    repos: readonly RepoId[],
    signal?: AbortSignal,
  ) => Promise<ShipReading>;
  /** The number behind `owner/name` as it is called now, where this installation is shown one. Throws GitHubError. */
  readonly find: (installation: InstallationId, name: string, signal?: AbortSignal) => Promise<RepoId | null>;
  /** What GitHub recorded of the webhooks that it sent us. */
  readonly hookLog: (signal?: AbortSignal) => Promise<HookLog>;
  /** A token with `issues: write, checks: write, metadata: read` for these repositories. */
  readonly speaking: (
    installation: InstallationId,
    repos: readonly RepoId[],
    signal?: AbortSignal,
  ) => Promise<Speaking>;
  /** The same token, for the issues that the app keeps itself. */
  readonly ownIssues: OpenOwnIssues;
}

/**
 * What can be done without: then calls that need it are `forbidden`, and whoever makes them can say so in the thread. Without
 * the others nothing could be read or said at all.
 */
const isDispensable = (permission: string): boolean => permission === "checks" || permission === "statuses";

const without = ({ checks, statuses, ...rest }: Permissions, lacks: readonly string[]): Permissions => ({
  ...rest,
  ...(checks === undefined || lacks.includes("checks") ? {} : { checks }),
  ...(statuses === undefined || lacks.includes("statuses") ? {} : { statuses }),
});

/** Opens nothing until it is asked. What it keeps (tokens without contents, who we are) ends with the value. */
export const createGitHub = (connection: Connection): GitHub => {
  const tokens = createTokenCache(connection);
  let whoWeAre: Promise<Self> | null = null;

  const self = (): Promise<Self> => {
    if (whoWeAre !== null) return whoWeAre;
    const asked = readSelf(connection);
    whoWeAre = asked;
    asked.catch(() => {
      whoWeAre = null;
    });
    return asked;
  };

  const tokenFor = async (asked: Asked): Promise<Token> => {
    try {
      return await tokens.get(asked);
    } catch (error) {
      if (!(error instanceof NotGranted) || !error.lacks.every(isDispensable)) throw error;
      // Not kept: an owner may grant the rest at any moment.
      return mint(connection, { ...asked, permissions: without(asked.permissions, error.lacks) });
    }
  };

  const open = async (asked: Asked, redirects: Redirects, signal: AbortSignal | undefined) => {
    const token = await tokenFor(asked);
    const client = openClient(connection, {
      auth: token.value,
      paceId: String(asked.installation),
      redirects,
      onUnauthorized: () => tokens.forget(asked),
      ...(signal === undefined ? {} : { signal }),
    });
    return { client, at: addressBook(token.repos) };
  };

  return {
    self,

    reading: async (installation, repos, signal) => {
      const asked = { installation, permissions: READING, repos };
      const { client, at } = await open(asked, "follow", signal);
      const teams = { installation, permissions: READING_TEAMS, repos };
      const actions = { installation, permissions: READING_ACTIONS, repos };
      const reporting = (what: Asked) => ({
        client: async () => (await open(what, "report", signal)).client,
        connection,
        signal,
      });
      return restReading(client, at, {
        teams: async () => (await open(teams, "follow", signal)).client,
        archives: reporting(asked),
        actions: async () => (await open(actions, "follow", signal)).client,
        logs: reporting(actions),
      });
    },

    shipping: async (installation, repos, signal) => {
      const { client, at } = await open({ installation, permissions: READING, repos }, "follow", signal);
      const deployments = { installation, permissions: READING_DEPLOYMENTS, repos };
      return readShipping(client, at, async () => (await open(deployments, "follow", signal)).client);
    },

    find: async (installation, name, signal) => {
      const { client } = await open({ installation, permissions: LOOKING, repos: "any" }, "follow", signal);
      return findRepository(client, name);
    },

    hookLog: (signal) => openHookLog(connection, signal),

    ownIssues: async (installation, repos, signal) => {
      const us = await self();
      const { client, at } = await open({ installation, permissions: SPEAKING, repos }, "refuse", signal);
      return ownIssues(client, at, us);
    },

    speaking: async (installation, repos, signal) => {
      const us = await self();
      const { client, at } = await open({ installation, permissions: SPEAKING, repos }, "refuse", signal);
      return restSpeaking(client, at, us);
    },
  };
};
