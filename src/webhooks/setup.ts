// Without credentials there is nothing to receive: Probot's set-up page makes an App, and its credentials are kept in a file.
import { chmod, readFile, writeFile } from "node:fs/promises";
import type { Logger } from "pino";
import { run } from "probot";

export type SetupDeps = Readonly<{
  /** Whoever reaches the page can set the credentials: listen on the loopback unless the operator says otherwise. */
  host: string;
  /** 1 to 65535: Probot takes 0 for its default. */
  port: number;
  log: Logger;
  /** Where the credentials go: `.env` where it is not given. */
  envFile?: string;
}>;

type Values = Readonly<Record<string, string | undefined>>;

/** Serves the page until `stop`. Probot refuses to start it where NODE_ENV is `production`, and says what is missing. */
export async function startSetup({
  host,
  port,
  log,
  envFile = ".env",
}: SetupDeps): Promise<Readonly<{ port: number; stop: () => Promise<void> }>> {
  let kept: Promise<void> = Promise.resolve();
  const server = await run(() => {}, {
    env: { HOST: host, PORT: String(port) },
    log,
    // Probot would have webhooks sent through a public relay, which nobody here listens to.
    SmeeClient: { createChannel: async () => "" },
    updateEnv: (values) => {
      const { WEBHOOK_PROXY_URL: _, ...credentials } = values;
      kept = kept
        .then(() => keep(envFile, credentials))
        .catch((error: unknown) =>
          log.error({ reason: error instanceof Error ? error.message : "unknown" }, "credentials could not be kept"),
        );
      return values;
    },
  });
  return {
    port: server.port,
    stop: async () => {
      await server.stop();
      await kept;
    },
  };
}

/** Replaces these lines of the file and leaves the others; from then on only its owner can read it. */
async function keep(file: string, values: Values): Promise<void> {
  const names = Object.keys(values);
  if (names.length === 0) return;
  const before = await readFile(file, "utf8").catch(() => "");
  const others = before.split("\n").filter((line) => line !== "" && !names.some((name) => line.startsWith(`${name}=`)));
  const ours = Object.entries(values).map(([name, value]) => `${name}=${(value ?? "").replaceAll("\n", "\\n")}`);
  await writeFile(file, `${[...others, ...ours].join("\n")}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
}
