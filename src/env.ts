// The only reader of process.env: parsed once, at the start, so that a bad value stops the process with one clear line each.
import { existsSync, readFileSync } from "node:fs";
import { parseEnv as parseFile } from "node:util";
import { z } from "zod";
import { err, ok, type Result } from "./result.ts";

const text = z.string().trim().min(1);
const httpUrl = z
  .url({ protocol: /^https?$/, error: "it must be an address that begins with http:// or https://" })
  .transform((url) => url.replace(/\/+$/, ""));

const wholeNumber = (least: number, most: number, error: string) =>
  z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error });

const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, { error: `it must be one of ${words.join(", ")}` });

/** Private keys come from hosting panels with `\n` written out, or whole in base64. */
const privateKey = text
  .transform((key) => {
    const lines = key.replaceAll("\\n", "\n");
    return lines.includes("-----BEGIN") ? lines : Buffer.from(lines, "base64").toString("utf8");
  })
  .refine((key) => /^-----BEGIN (RSA )?PRIVATE KEY-----/.test(key), "is not a PEM private key, nor one in base64");

/** Two secrets, separated by a comma, are live at once while one is being replaced. */
const secrets = text
  .transform((list) => list.split(",").map((secret) => secret.trim()))
  .refine((list) => list.every((secret) => secret.length > 0), "holds an empty secret")
  .refine((list) => list.length <= 2, "holds more than two secrets");

const App = z.object({
  APP_ID: wholeNumber(1, Number.MAX_SAFE_INTEGER, "it must be the App's number"),
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: secrets,
});

/** `my-model=0.5/1.5, other=1/2`: US dollars for a million tokens, in and out. */
const prices = text.transform((list, context) => {
  const known = new Map<string, Readonly<{ input: number; output: number }>>();
  for (const each of list.split(",")) {
    const [, name, input, output] = /^\s*(\S+)\s*=\s*([0-9]+(?:\.[0-9]+)?)\/([0-9]+(?:\.[0-9]+)?)\s*$/.exec(each) ?? [];
    if (name === undefined) {
      context.addIssue({ code: "custom", message: "is not a list such as my-model=0.5/1.5, other=1/2" });
      return z.NEVER;
    }
    known.set(name, { input: Number(input), output: Number(output) });
  }
  return known;
});

const Model = z.object({
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: httpUrl.default("https://api.openai.com/v1"),
  /** Which of OpenAI's two interfaces the endpoint has; `auto` finds out. */
  OPENAI_API: oneOf("auto", "responses", "chat").default("auto"),
  OPENAI_MODEL: text,
  /** Beside the table in agent/prices.ts, and before it. */
  MODEL_PRICES: prices.default(new Map()),
  /** What all deliveries of one installation may use on one day, by UTC. */
  BUDGET_DAY_TOKENS: wholeNumber(1, Number.MAX_SAFE_INTEGER, "it must be a whole number of tokens").optional(),
  BUDGET_DAY_DOLLARS: z.coerce
    .number({ error: "it must be a number of US dollars" })
    .positive({ error: "it must be more than nothing" })
    .max(1_000_000, { error: "it must be a number of US dollars, a million at most" })
    .optional(),
  BUDGET_DAY_MINUTES: wholeNumber(1, 1_000_000, "it must be a whole number of minutes").optional(),
});

const Process = z.object({
  HOST: text.default("0.0.0.0"),
  /** Whoever reaches the set-up page can set the credentials: it stays on this machine unless somebody says otherwise. */
  SETUP_HOST: text.default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535, "it must be a number from 0 to 65535").default(3000),
  LOG_LEVEL: oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent").default("info"),
  GITHUB_API_URL: httpUrl.default("https://api.github.com"),
  /** `none` for a GitHub Enterprise Server whose rate limits are off, and for tests. */
  GITHUB_PACE: oneOf("github", "none").default("github"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "it must be an address that begins with postgres:// or postgresql://" })
    .optional(),
  COUNTERSIGN_DATA_DIR: text.default(".data"),
  /** A file of the schema of `.github/countersign.yml` that bounds what a repository may loosen. */
  COUNTERSIGN_CEILING: text.optional(),
});

export type ProcessEnv = z.infer<typeof Process>;
export type AppEnv = z.infer<typeof App>;
export type ModelEnv = z.infer<typeof Model>;

export type Env = ProcessEnv &
  Readonly<{
    /** null: there are no credentials yet, so Probot's set-up page is shown. */
    app: (AppEnv & { model: ModelEnv }) | null;
  }>;

/** Variables that are set to nothing count as not set: hosting panels leave such behind. */
const present = (source: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) =>
      value === undefined || value.trim() === "" ? [] : [[name, value] as const],
    ),
  );

const linesOf = (error: z.ZodError, given: Record<string, string>): string[] =>
  error.issues.map((issue) => {
    const name = String(issue.path[0] ?? "environment");
    // Never the value: it may be a secret.
    return name in given ? `${name} ${sentenceOf(issue)}` : `${name} is missing`;
  });

const sentenceOf = (issue: z.core.$ZodIssue): string =>
  issue.code === "custom" ? issue.message : `is not usable: ${issue.message}`;

/** Parses the environment; the error holds one line for each variable that stops the start. */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Result<Env, string[]> {
  const given = present(source);
  const process = Process.safeParse(given);
  const begun = ["APP_ID", "PRIVATE_KEY"].some((name) => name in given);
  if (!begun) {
    if (!process.success) return err(linesOf(process.error, given));
    return ok({ ...process.data, app: null });
  }
  const app = App.safeParse(given);
  const model = Model.safeParse(given);
  if (process.success && app.success && model.success) {
    return ok({ ...process.data, app: { ...app.data, model: model.data } });
  }
  return err([process, app, model].flatMap((part) => (part.success ? [] : linesOf(part.error, given))));
}

/**
 * The environment of this process, and of `file` what it does not set itself. A file that is not there is no error: the
 * set-up page writes it.
 */
export function readEnv(file: string | null): Result<Env, string[]> {
  if (file === null || !existsSync(file)) return parseEnv(process.env);
  try {
    return parseEnv({ ...parseFile(readFileSync(file, "utf8")), ...present(process.env) });
  } catch {
    return err([`${file} cannot be read`]);
  }
}

/** Values that no log line, comment or prompt may ever contain. */
export const secretValues = (env: Env): string[] =>
  env.app === null
    ? []
    : [
        env.app.PRIVATE_KEY,
        ...env.app.WEBHOOK_SECRET,
        env.app.model.OPENAI_API_KEY,
        ...(env.DATABASE_URL === undefined ? [] : [env.DATABASE_URL, ...passwordOf(env.DATABASE_URL)]),
      ];

const passwordOf = (url: string): string[] => {
  const { password } = new URL(url);
  return password === "" ? [] : [password, decodeURIComponent(password)];
};
