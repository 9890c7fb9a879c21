// Proves to GitHub that we are the App: a JWT signed with the private key, good for ten minutes and for app-level calls only.
import githubAppJwt from "universal-github-app-jwt";
import type { Connection } from "./connection.ts";

/** A fresh JWT; signing takes about a millisecond, so none is kept. */
export const signAppJwt = async (
  connection: Pick<Connection, "appId" | "privateKey" | "clock" | "onSecret">,
): Promise<string> => {
  const now = Math.floor(connection.clock().getTime() / 1000);
  const { token } = await githubAppJwt({ id: connection.appId, privateKey: connection.privateKey, now });
  connection.onSecret(token);
  return token;
};
