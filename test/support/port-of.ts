// The port that a server of a test listens on.
import type { Server } from "node:net";

export const portOf = (server: Server): number => {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server does not listen on a port");
  return address.port;
};
