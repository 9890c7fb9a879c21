// Reads all files of a commit in one request, as GitHub packs them. The token goes to GitHub's API and no further.
import { archiveAddress } from "./archive-address.ts";
import type { Client } from "./client.ts";
import type { Connection } from "./connection.ts";
import { GitHubError } from "./errors.ts";
import { ARCHIVE_BOUNDS, ARCHIVE_TIMEOUT_MS } from "./limits.ts";
import type { Reading } from "./reading.ts";
import type { AddressOf } from "./repositories.ts";
import { untar } from "./untar.ts";

export type ArchiveDoor = Readonly<{
  /** Reports redirects instead of following them. */
  client: () => Promise<Client>;
  connection: Pick<Connection, "apiUrl" | "clock" | "findsSecret">;
  signal: AbortSignal | undefined;
}>;

const bodyOf = async (address: URL, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> => {
  const response = await fetch(address, { redirect: "error", signal, headers: { "user-agent": "countersign" } });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new GitHubError(
      response.status >= 500 ? "server" : "unexpected_answer",
      "GitHub did not hand out the archive",
      {
        status: response.status,
      },
    );
  }
  return response.body;
};

export const readArchive = ({ client, connection, signal }: ArchiveDoor, at: AddressOf): Pick<Reading, "archive"> => ({
  archive: async (repo, commit, taker) => {
    const { rest } = await client();
    const { headers } = await rest.repos.downloadTarballArchive({ ...at(repo), ref: commit });
    const address = archiveAddress(connection.apiUrl, headers.location);
    if (address === null) throw new GitHubError("unexpected_answer", "GitHub did not say where the archive is");
    if (connection.findsSecret(address.href))
      throw new GitHubError("unexpected_answer", "the archive's address holds a secret");
    const own: unknown[] = [];
    const keep: typeof taker.keep = (path, content) =>
      taker.keep(path, content).catch((error: unknown) => {
        own.push(error);
        throw error;
      });
    const timeout = AbortSignal.timeout(ARCHIVE_TIMEOUT_MS);
    const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    try {
      await untar(await bodyOf(address, either), ARCHIVE_BOUNDS, { ...taker, keep });
    } catch (caught) {
      const [error = caught] = own;
      if (own.length > 0 || error instanceof GitHubError) throw error;
      if (either.aborted) throw new GitHubError("timeout", "GitHub's archive did not arrive in time", { cause: error });
      throw new GitHubError("network", "GitHub's archive could not be read to its end", { cause: error });
    }
  },
});
