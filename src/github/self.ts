// Who we are on GitHub: the App's number and slug, and the account that its comments are posted by.
import { z } from "zod";
import { InstallationId } from "../ids.ts";
import { answer } from "./answer.ts";
import { signAppJwt } from "./app-jwt.ts";
import { type Client, openClient } from "./client.ts";
import type { Connection } from "./connection.ts";
import { GitHubError } from "./errors.ts";
import { AccountAnswer } from "./facts.ts";
import { LOOKING, mint } from "./tokens.ts";

export type Self = Readonly<{ appId: number; slug: string; botLogin: string; botId: number }>;

const AppAnswer = z.object({ id: z.number().int().positive(), slug: z.string().min(1) });
const InstallationsAnswer = z.array(z.object({ id: InstallationId, suspended_at: z.string().nullish() }));

/** An installation's token where there is one: without, GitHub allows 60 calls an hour and a private GHES none. */
const lookingClient = async (connection: Connection, app: Client): Promise<Client> => {
  const installations = await answer(InstallationsAnswer, app.rest.apps.listInstallations({ per_page: 100 }));
  const open = installations.find((one) => one.suspended_at === null || one.suspended_at === undefined);
  const auth =
    open === undefined
      ? null
      : (await mint(connection, { installation: open.id, permissions: LOOKING, repos: "any" })).value;
  return openClient(connection, { auth, paceId: "self", redirects: "follow" });
};

/** Throws GitHubError, `unauthorized` when the private key is not the App's. */
export const readSelf = async (connection: Connection): Promise<Self> => {
  const app = openClient(connection, { auth: await signAppJwt(connection), paceId: "app", redirects: "follow" });
  const { id, slug } = await answer(AppAnswer, app.rest.apps.getAuthenticated());
  if (id !== connection.appId) throw new GitHubError("unexpected_answer", `GitHub says that this key is App ${id}'s`);
  const looking = await lookingClient(connection, app);
  const botLogin = `${slug}[bot]`;
  const bot = await answer(AccountAnswer, looking.rest.users.getByUsername({ username: botLogin }));
  if (bot.type !== "Bot") throw new GitHubError("unexpected_answer", `${botLogin} is not a bot's account`);
  return { appId: id, slug, botLogin, botId: bot.id };
};
