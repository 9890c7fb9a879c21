// Finds a repository by the name that people write, within one installation: everything else goes by its number.
import { z } from "zod";
import { RepoId } from "../ids.ts";
import { answer, orNull } from "./answer.ts";
import type { Client } from "./client.ts";

const Found = z.object({ id: RepoId, full_name: z.string() });

/**
 * Null where GitHub shows none of this name to us, or only one that has another name by now: whoever named it meant what
 * was called so then. Public repositories of others are found too: only a token for its number tells whether we may read it.
 */
export const findRepository = async (client: Client, name: string): Promise<RepoId | null> => {
  const [owner, repo, ...rest] = name.split("/");
  if (owner === undefined || repo === undefined || rest.length > 0) return null;
  const found = await orNull(answer(Found, client.rest.repos.get({ owner, repo })));
  return found !== null && found.full_name.toLowerCase() === name.toLowerCase() ? found.id : null;
};
