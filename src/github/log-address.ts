// Where GitHub sends whoever asks for the log of a job, and whether we go there. Pure.
import { archiveAddress } from "./archive-address.ts";

/** Where github.com keeps logs, beside its own hosts. */
const KEEPERS = [".githubusercontent.com", ".blob.core.windows.net"];

/** The address bears its own short-lived token, so nothing of ours needs to go with it. Null when it leads anywhere else. */
export function logAddress(apiUrl: string, location: unknown): URL | null {
  const own = archiveAddress(apiUrl, location);
  if (own !== null || typeof location !== "string" || !URL.canParse(location)) return own;
  const address = new URL(location);
  const isKept = KEEPERS.some((host) => address.hostname.endsWith(host));
  return isKept && address.protocol === "https:" && address.port === "" && address.username === "" ? address : null;
}
