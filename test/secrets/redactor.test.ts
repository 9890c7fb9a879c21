// The secrets of the process: cut out of texts, and found in them whole, in part and encoded.
import { createHash, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { runs } from "../support/runs.ts";

const { privateKey: PEM } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const BODY = PEM.replace(/-----[^-]+-----|\s/g, "");
const random = (seed: string) => createHash("sha512").update(seed).digest("base64url");
const TOKEN = `ghs_${random("token").replace(/[-_]/g, "x").slice(0, 36)}`;
const JWT_TOKEN = `ghs_4711_${Buffer.from('{"alg":"RS256","typ":"JWT"}').toString("base64url")}.${Buffer.from(
  '{"iss":"4711"}',
).toString("base64url")}.${random("signature")}`;
const HEX = createHash("sha256").update("webhook secret").digest("hex");

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");

describe("finds", () => {
  const { finds } = createRedactor([PEM, TOKEN, JWT_TOKEN, HEX]);

  it.each<[string, string]>([
    ["a token", `x ${TOKEN} y`],
    ["a token without its first characters", TOKEN.slice(8)],
    ["a part of a token, glued to words", `url?q=abc${TOKEN.slice(5, 35)}def`],
    ["a token with a JWT in it", JWT_TOKEN],
    ["the signature of a JWT", JWT_TOKEN.slice(-40)],
    ["a key", PEM],
    ["a key as JSON writes it", JSON.stringify({ key: PEM })],
    ["one line out of the middle of a key", PEM.split("\n")[10] ?? ""],
    ["a key without line ends", BODY],
    ["a secret in base64", base64(HEX)],
    ["a secret in base64, somewhere in a file", base64(`const a = "${HEX}";\n`)],
    ["the same, at another place", base64(`const ab = "${HEX}";\n`)],
    ["the same, at a third", base64(`const abc = "${HEX}";\n`)],
    ["a secret as hexadecimal digits", Buffer.from(TOKEN).toString("hex")],
    ["the same in capitals", Buffer.from(TOKEN).toString("hex").toUpperCase()],
  ])("%s", (_what, text) => expect(finds(text)).toBe(true));

  it.each<[string, string]>([
    ["other tokens", `ghs_${random("other")}`],
    ["another key of the same kind", `-----BEGIN PRIVATE KEY-----\n${BODY.slice(0, 36)}\n-----END PRIVATE KEY-----`],
    ["a JWT of others", `${JWT_TOKEN.split("_")[2]?.split(".").slice(0, 2).join(".")}.${random("theirs")}`],
    ["words", "the private key of the app is set in PRIVATE_KEY, the rest in base64"],
    ["nothing", ""],
  ])("not %s", (_what, text) => expect(finds(text)).toBe(false));

  it("any stretch of 23 characters of a token", () => {
    fc.assert(
      fc.property(fc.nat(HEX.length - 23), fc.string(), fc.string(), (from, before, after) => {
        expect(finds(`${before}${HEX.slice(from, from + 23)}${after}`)).toBe(true);
      }),
      runs(300),
    );
  });

  it.each(["postgres", "secret", "development", "countersign", "webhook"])(
    "no ordinary word, even where %s is the secret",
    (word) => expect(createRedactor([word]).finds(`Use ${word} here.`)).toBe(false),
  );

  it.each([
    "postgres://app:postgres@127.0.0.1:5432/postgres",
    "my-company-webhook-secret-for-github",
    "sk-canary-that-must-never-be-seen",
  ])("%s whole, and not its words", (secret) => {
    const known = createRedactor([secret]);
    expect(known.finds(`a ${secret} b`)).toBe(true);
    expect(known.finds("postgres@127.0.0.1 my-company-website sk-canary-that 127.0.0.1:5432/postgres")).toBe(false);
  });

  it("what became known later, and forgets the oldest of it first, never what it began with", () => {
    const known = createRedactor([HEX]);
    const later = Array.from({ length: 600 }, (_, at) => `ghs_${random(`later ${at}`)}`);
    for (const token of later) known.add(token);
    expect(known.finds(later.at(-1) ?? "")).toBe(true);
    expect(known.finds(later[0] ?? "")).toBe(false);
    expect(known.finds(HEX)).toBe(true);
  });
});

const PASSWORD = "q7#Lm$x2!vR9&wZ<4^t";
const ADDRESS = `postgres://app:${encodeURIComponent(PASSWORD)}@db.example.org:5432/app`;
const PHRASE = "correct horse, battery staple!";

describe("finds a password with signs in it", () => {
  const { finds } = createRedactor([PASSWORD, ADDRESS, PHRASE, PEM]);
  const html = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("#", "&#x23;");
  const utf16 = (text: string) =>
    [...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

  it.each<[string, string]>([
    ["whole", `the password is ${PASSWORD}.`],
    ["without its first characters", PASSWORD.slice(3)],
    ["without its first and last", `x${PASSWORD.slice(4, 16)}x`],
    ["in its address", ADDRESS],
    ["in its address, cut", ADDRESS.slice(18, 50)],
    ["as an address writes it", encodeURIComponent(PASSWORD)],
    ["as HTML writes it", html(PASSWORD)],
    ["as HTML with numbers alone", [...PASSWORD].map((sign) => `&#${sign.charCodeAt(0)};`).join("")],
    ["as JSON writes it", JSON.stringify({ text: JSON.stringify(PASSWORD) })],
    ["as JSON with numbers alone", utf16(PASSWORD)],
    ["as Markdown writes it", PASSWORD.replaceAll(/[^A-Za-z0-9]/g, "\\$&")],
    ["as HTML in JSON", JSON.stringify(html(`"${PASSWORD}"`))],
    ["in base64", base64(PASSWORD)],
    ["in base64, somewhere in a file", base64(`const password = "${PASSWORD}";\n`)],
    ["a part of it in base64", base64(`x${PASSWORD.slice(2, 17)}y`)],
    ["in hexadecimal digits", Buffer.from(PASSWORD).toString("hex").slice(4, -4)],
    ["a phrase whole", `> ${PHRASE}`],
    ["a phrase in an address", encodeURIComponent(PHRASE)],
    ["a phrase in base64", base64(`It says: ${PHRASE}`)],
    ["a phrase in hexadecimal digits", Buffer.from(PHRASE).toString("hex")],
    ["a line of a key in an address", encodeURIComponent(PEM.split("\n")[10] ?? "")],
    ["a line of a key in HTML", `<p>${(PEM.split("\n")[12] ?? "").replaceAll("+", "&plus;").replaceAll("/", "&#47;")}`],
    ["a key in base64", base64(PEM).slice(700, 760)],
  ])("%s", (_what, text) => expect(finds(text)).toBe(true));

  it.each<[string, string]>([
    ["the rest of its address", ADDRESS.replace(encodeURIComponent(PASSWORD), "another")],
    ["the same place under other people", "postgres://app@db.example.org:5432/app"],
    ["words of a phrase", "a correct horse, and a battery"],
    ["broken escapes", "100% of &nothing; and \\u12 or %zz &#99999999; \\"],
  ])("not %s", (_what, text) => expect(finds(text)).toBe(false));

  it("any twelve characters of it, wherever they stand", () => {
    fc.assert(
      fc.property(fc.nat(PASSWORD.length - 12), fc.string(), fc.string(), (from, before, after) => {
        expect(finds(`${before}${PASSWORD.slice(from, from + 12)}${after}`)).toBe(true);
      }),
      runs(100),
    );
  });

  it("short keys too, and not what all keys of their kind begin with", () => {
    const [one, other] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")].map(({ privateKey }) =>
      privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    );
    const known = createRedactor([one ?? ""]);
    expect(known.finds((one ?? "").split("\n")[1] ?? "")).toBe(true);
    expect(known.finds(other ?? "")).toBe(false);
  });

  it.each(["postgres://app:postgres@127.0.0.1:5432/postgres", "sk-a1b2-test"])(
    "no ordinary text, where %s is the secret",
    (secret) => {
      const known = createRedactor([secret]);
      expect(known.finds("On 2026-11-21 and 127.0.0.1:5432, key with words, in postgres://app: or @127.0.0.1")).toBe(
        false,
      );
    },
  );
});

describe("apply", () => {
  it("cuts a value out wherever it stands, as JSON and URLs write it too", () => {
    const secret = 'p@ss"w/rd';
    const { apply } = createRedactor([secret]);
    const texts = [secret, JSON.stringify({ secret }), `postgres://u:${encodeURIComponent(secret)}@h/d`];
    for (const text of texts) expect(apply(text)).not.toMatch(/ss\W|%40ss|w\/rd|w%2Frd/);
    expect(apply(texts.join(" ")).match(/\[redacted\]/g)).toHaveLength(3);
  });

  it.each([
    "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    JWT_TOKEN,
    "github_pat_11ABCDEFG0123456789_abcdefghij",
    "eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3MDAwMDB9.c2lnbmF0dXJl-_x",
  ])("cuts out what nobody told it of and looks like a token: %s", (token) => {
    expect(createRedactor([]).apply(`got ${token} back`)).toBe("got [redacted] back");
  });

  it("leaves nothing of a secret that it knows in any text", () => {
    const { apply } = createRedactor([TOKEN, HEX]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(TOKEN, HEX, "a", " ", '"', "\n")), (pieces) => {
        const clean = apply(JSON.stringify(pieces.join("")));
        expect(clean).not.toContain(TOKEN);
        expect(clean).not.toContain(HEX);
      }),
      runs(200),
    );
  });
});
