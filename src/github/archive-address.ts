// Where GitHub sends whoever asks for an archive, and whether we go there. Pure.

/** The host that an API belongs to: api.github.com is github.com's, the API of an Enterprise Server is its own host's. */
const homeOf = ({ host }: URL): string => host.replace(/^api\./, "");

/**
 * The address of an archive, or null when it leads away from the GitHub that answered. It bears its own short-lived token, so
 * nothing of ours needs to go with it.
 */
export function archiveAddress(apiUrl: string, location: unknown): URL | null {
  if (typeof location !== "string" || !URL.canParse(location)) return null;
  const [api, address] = [new URL(apiUrl), new URL(location)];
  const home = homeOf(api);
  const isHome = address.host === home || address.host === api.host || address.host.endsWith(`.${home}`);
  return isHome && address.protocol === api.protocol && address.username === "" && address.password === ""
    ? address
    : null;
}
