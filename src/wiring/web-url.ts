// Where people look at what the API serves.

/** `https://api.github.com` → `https://github.com`; `https://host/api/v3` → `https://host`; anything else is its own origin. */
export const webUrlOf = (apiUrl: string): string => {
  const { protocol, host } = new URL(apiUrl);
  return host === "api.github.com" ? "https://github.com" : `${protocol}//${host.replace(/^api\./, "")}`;
};
