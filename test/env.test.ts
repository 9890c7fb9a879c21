import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseEnv, readEnv, secretValues } from "../src/env.ts";

const pem = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const whole = {
  APP_ID: "12",
  PRIVATE_KEY: pem,
  WEBHOOK_SECRET: "s3cret",
  OPENAI_API_KEY: "key",
  OPENAI_MODEL: "some-model",
};

describe("parseEnv", () => {
  it("asks for set-up where there are no credentials", () => {
    const env = parseEnv({});
    expect(env.ok && env.value.app).toBeNull();
    expect(env.ok && env.value.GITHUB_API_URL).toBe("https://api.github.com");
  });

  it.each([
    ["as it is", pem],
    ["with written line ends", pem.replaceAll("\n", "\\n")],
    ["in base64", Buffer.from(pem).toString("base64")],
  ])("takes a private key %s", (_, key) => {
    const env = parseEnv({ ...whole, PRIVATE_KEY: key });
    expect(env.ok && env.value.app?.PRIVATE_KEY.startsWith("-----BEGIN PRIVATE KEY-----\n")).toBe(true);
  });

  it("takes two webhook secrets while one is replaced, and no empty one", () => {
    const two = parseEnv({ ...whole, WEBHOOK_SECRET: "old, new" });
    expect(two.ok && two.value.app?.WEBHOOK_SECRET).toEqual(["old", "new"]);
    expect(parseEnv({ ...whole, WEBHOOK_SECRET: "old," })).toEqual({
      ok: false,
      error: ["WEBHOOK_SECRET holds an empty secret"],
    });
  });

  it.each([
    [{ ...whole, WEBHOOK_SECRET: "" }, "WEBHOOK_SECRET is missing"],
    [{ ...whole, OPENAI_MODEL: undefined }, "OPENAI_MODEL is missing"],
    [{ ...whole, APP_ID: "twelve" }, /^APP_ID is not usable/],
    [{ ...whole, PRIVATE_KEY: "hunter2" }, "PRIVATE_KEY is not a PEM private key, nor one in base64"],
    [{ ...whole, DATABASE_URL: "mysql://x" }, /^DATABASE_URL is not usable/],
    [{ PORT: "99999" }, /^PORT is not usable/],
    [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL is not usable/],
  ])("stops the start with one line: %#", (source, line) => {
    const env = parseEnv(source);
    expect(env.ok ? [] : env.error).toEqual([typeof line === "string" ? line : expect.stringMatching(line)]);
  });

  it("never repeats a value", () => {
    const env = parseEnv({ ...whole, PRIVATE_KEY: "hunter2", DATABASE_URL: "x://user:hunter3@host" });
    expect(JSON.stringify(env)).not.toMatch(/hunter/);
  });

  it("knows which values are secret", () => {
    const env = parseEnv({ ...whole, DATABASE_URL: "postgres://user:p%40ss@host/db" });
    expect(env.ok && secretValues(env.value)).toEqual([
      pem.trim(),
      "s3cret",
      "key",
      "postgres://user:p%40ss@host/db",
      "p%40ss",
      "p@ss",
    ]);
  });
});

describe("readEnv", () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-env-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("takes from the file what the process does not set, as the set-up page writes it", () => {
    const file = join(folder, ".env");
    const { PRIVATE_KEY, ...rest } = whole;
    const lines = Object.entries({ ...rest, PATH: "never" }).map(([name, value]) => `${name}=${value}`);
    writeFileSync(file, `${lines.join("\n")}\nPRIVATE_KEY="${PRIVATE_KEY}"\n`);
    const env = readEnv(file);
    expect(env.ok && env.value.app).toMatchObject({ APP_ID: 12, WEBHOOK_SECRET: ["s3cret"] });
  });

  it("does without a file that is not there", () => {
    expect(readEnv(join(folder, "none")).ok).toBe(true);
    expect(readEnv(null).ok).toBe(true);
  });
});
