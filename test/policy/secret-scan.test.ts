import { describe, expect, it } from "vitest";
import { findSecrets } from "../../src/policy/secret-scan.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const made = (...parts: string[]) => parts.join("");
const random = "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1f";

const SECRETS: readonly (readonly [string, string])[] = [
  ["an RSA key", made("-----BEGIN RSA ", "PRIVATE KEY-----")],
  ["an OpenSSH key", made("-----BEGIN OPENSSH ", "PRIVATE KEY-----")],
  ["a plain key", made("-----BEGIN ", "PRIVATE KEY-----")],
  ["an encrypted key", made("-----BEGIN ENCRYPTED ", "PRIVATE KEY-----")],
  ["a PGP key", made("-----BEGIN PGP ", "PRIVATE KEY BLOCK-----")],
  ["a key in one line of JSON", made('"key": "-----BEGIN EC ', 'PRIVATE KEY-----\\nMHc"')],
  ["an AWS key id", made("AKIA", "QWERTYUIOPASDFGH")],
  ["a temporary AWS key id", made("ASIA", "QWERTYUIOPASDFGH")],
  ["an AWS secret", made('aws_secret_access_key = "', random.slice(0, 40), '"')],
  ["an OpenAI key", made("sk-", random)],
  ["an OpenAI project key", made("sk-proj-", random)],
  ["an Anthropic key", made("sk-ant-api03-", random)],
  ["a GitHub token", made("ghp_", random.slice(0, 36))],
  ["a GitHub app token", made("ghs_", random.slice(0, 36))],
  ["a GitHub app token of the new form", made("ghs_12345_", "eyJhbGciOiJSUzI1NiJ9.", random)],
  ["a GitHub OAuth token", made("gho_", random.slice(0, 36))],
  ["a fine-grained GitHub token", made("github_pat_", random, "_", random)],
  ["a GitLab token", made("glpat-", random.slice(0, 20))],
  ["a Slack token", made("xoxb-", "123456789012-1234567890123-", random.slice(0, 24))],
  ["a Slack webhook", made("https://hooks.slack.com/services/", "T00000000/B00000000/", random.slice(0, 24))],
  ["a Stripe key", made("sk_live_", random.slice(0, 24))],
  ["a Google key", made("AIza", random.slice(0, 35))],
  ["an npm token", made("npm_", random.slice(0, 36))],
  ["an npm login", made("//registry.npmjs.org/:_authToken=", random.slice(0, 36))],
  ["a PyPI token", made("pypi-", "AgEIcHlwaS5vcmc", random)],
  ["a Hugging Face token", made("hf_", random.slice(0, 34))],
  ["a SendGrid key", made("SG.", random.slice(0, 22), ".", random.slice(0, 43))],
  ["an Azure key", made("AccountKey=", random, random.slice(0, 40), "==")],
  ["a JSON web token", made("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.", random)],
  ["a password in a URL", made("postgres://shop:", "h7Gf3kLq9", "@db.internal/shop")],
  ["a named secret", made('client_secret: "', random.slice(0, 32), '"')],
  ["a secret without quotes", made("CLIENT_SECRET=", random.slice(0, 32))],
  ["a token in YAML", made("auth_token: ", random.slice(0, 40))],
  ["a hexadecimal secret", made("SECRET_KEY = ", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")],
  ["a named API key", made("const apiKey = '", random.slice(0, 32), "'")],
];

describe("findSecrets", () => {
  it.each(SECRETS)("finds %s, on its line, and does not repeat it", async (_, secret) => {
    const all = await findSecrets(`first\n${secret}\nlast`);
    expect(all.length).toBeGreaterThan(0);
    for (const one of all) {
      expect(one).toMatchObject({ from: 2 });
      expect(one.kind).not.toContain(random.slice(0, 12));
    }
  });

  const key = made("AKIA", "QWERTYUIOPASDFGH");
  const token = made("ghp_", random.slice(0, 36));
  it.each([
    ["joined strings", `"${key.slice(0, 4)}" + "${key.slice(4)}"`],
    ["an array of parts", `["${token.slice(0, 9)}", "${token.slice(9)}"].join("")`],
    ["strings side by side", `'${token.slice(0, 9)}' '${token.slice(9)}'`],
    ["joined lines", `"${token.slice(0, 9)}" +\n  "${token.slice(9)}"`],
    ["zero-width characters", `${token.slice(0, 9)}\u200b${token.slice(9)}`],
    ["base64", Buffer.from(`token=${token}`).toString("base64")],
    ["a comment that switches the scanner off", `/* secretlint-disable */\n${token}`],
    [
      "a comment that switches it off for the line",
      `// secretlint-disable-next-line\nhttps://shop:${random.slice(0, 12)}@example.com`,
    ],
  ])("finds it behind %s", async (_, text) => {
    expect((await findSecrets(text)).length).toBeGreaterThan(0);
  });

  it.each([
    "const token = process.env.GITHUB_TOKEN;",
    'const token = "your-token-here-please-replace-me";',
    'password: "<your password>"',
    "AKIAIOSFODNN7EXAMPLE",
    "postgres://postgres:postgres@localhost/test",
    "postgres://user:password@localhost/test",
    "sk-loading-indicator-wrapper-for-cards",
    "sha512-Qw3rTy/uI0pAsDfGhJkLzXcVbNm1234567890qwertyuiopASDFGHJKLzxcvbnmQWERTYUIOP+/1234567890==",
    "0123456789abcdef0123456789abcdef01234567",
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----",
    'secretName: "shop-database-credentials"',
    "https://example.com/a/b?token=abc",
    "token = generateTokenFromSession2026v3",
    "password: correctHorseBatteryStaple123",
    "tokenizer: bert-base-uncased-2024v2Large",
    "secret=process.env.SECRET_V2_2026",
    "// the token is read from the environment, see docs/operating.md",
  ])("leaves alone: %s", async (text) => {
    expect(await findSecrets(text)).toEqual([]);
  });

  const half = [token.slice(0, 12), token.slice(12)] as const;
  const at = (from: number, to = from) => [{ from, to, kind: "a GitHub token" }];
  it.each([
    ["by itself", `x\n${token}`, at(2)],
    ["twice on a line", `${token} ${token}`, at(1)],
    ["joined by a dot", `"${half[0]}" . "${half[1]}"`, at(1)],
    ["joined by two dots", `"${half[0]}" .. "${half[1]}"`, at(1)],
    ["in base64 without padding", Buffer.from(`to=${token}..`).toString("base64"), at(1)],
    ["in base64 in two words that are none", `${btoa(`.....${half[0]}.`)} ${btoa(`${half[1]}`)}`, []],
    ["over two lines", `x\n"${half[0]}" +\n  "${half[1]}"`, at(2, 3)],
    ["over two lines, with more behind", `x\n"${half[0]}" +\n  "${half[1]}"\ny\nz`, at(2, 4)],
    ["over two lines, with a quote before", `x = "y";\n"${half[0]}" +\n  "${half[1]}"`, at(2, 3)],
    ["over two lines without a sign", `"${half[0]}"\n"${half[1]}"`, at(1, 2)],
    ["over two lines with a close sign", `"${half[0]}"+\n"${half[1]}"`, at(1, 2)],
    ["over two lines with a far sign", `"${half[0]}"   .  \n"${half[1]}"`, at(1, 2)],
    ["over four lines", `"${token.slice(0, 8)}" +\n"abcdef" +\n"abcdef" +\n"${half[1]}"`, []],
    ["whole on the line after a quote", `"x" +\n"${token}"`, at(2)],
    ["whole two lines after a quote", `"x" +\n"y" +\n"${token}"`, at(3)],
  ])("says exactly where and what: %s", async (_, text, expected) => {
    expect(await findSecrets(text)).toEqual(expected);
  });

  it("names what the library finds, in order with the rest", async () => {
    const theirs = made("lin_api_", random.slice(0, 40));
    expect(await findSecrets(`${theirs}\nx\n${token}`)).toEqual([
      { from: 1, to: 1, kind: "a credential (linear)" },
      { from: 3, to: 3, kind: "a GitHub token" },
    ]);
    expect(await findSecrets(`${token}\nx\n${theirs}`)).toEqual([
      { from: 1, to: 1, kind: "a GitHub token" },
      { from: 3, to: 3, kind: "a credential (linear)" },
    ]);
    expect(await findSecrets(`/* secretlint-disable */\n${theirs}`)).toHaveLength(1);
  });

  it("comes to an end on a quote with blanks behind it", async () => {
    await expect(findSecrets(`a = "b"${" ".repeat(200_000)}c`)).resolves.toEqual([]);
  });

  it.each(['"   ', "sk-", "AKIA", "aws secret ", "a:b@", "token = ", "eyJ", "https://a:", '" + "', "-----BEGIN "])(
    "comes to an end on a flood of %j",
    async (part) => {
      await expect(findSecrets(part.repeat(200_000 / part.length))).resolves.toBeInstanceOf(Array);
      await expect(findSecrets(`${part}\n`.repeat(20_000 / part.length))).resolves.toBeInstanceOf(Array);
    },
  );
});
