// What credentials look like, beside what the scanner library knows. Each pattern runs in linear time on one line.

export type SecretPattern = Readonly<{
  kind: string;
  pattern: RegExp;
  /** Whether a match is really meant; absent where the shape alone says so. */
  likely?: (match: string) => boolean;
}>;

/** Bits a character: some 3 for words, 4 for hexadecimal, 5 and more for random letters and digits. */
const entropy = (text: string): number => {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
};

const PLACEHOLDER =
  /example|placeholder|changeme|dummy|redacted|your[_-]|x{4,}|\*{3,}|<[^>]*>|\$\{|\{\{|0{8,}|1234567890?$/i;
const random = (text: string): boolean => /[0-9]/.test(text) && /[a-z]/i.test(text) && entropy(text) > 3.2;
const random40 = (text: string): boolean => random(text) && !PLACEHOLDER.test(text);

/** Without quotes a value may be a name in code: it must have the digits and the disorder that names have not. */
const isBareSecret = (value: string): boolean => {
  if (PLACEHOLDER.test(value)) return false;
  if (/^[a-f0-9]{32,}$/i.test(value)) return entropy(value) > 3.2;
  const digits = value.match(/[0-9]/g)?.length ?? 0;
  return digits >= 3 && /[a-z]/.test(value) && /[A-Z]/.test(value) && !/[a-z]{6}/.test(value) && entropy(value) > 3.7;
};

export const SECRET_PATTERNS: readonly SecretPattern[] = [
  { kind: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g },
  { kind: "a PuTTY private key", pattern: /PuTTY-User-Key-File-[0-9]/g },
  {
    kind: "an AWS access key id",
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
    likely: (match) => !match.endsWith("EXAMPLE"),
  },
  {
    kind: "an AWS secret access key",
    pattern: /aws[^\n]{0,20}(?:secret|key)[^\n]{0,20}[^A-Za-z0-9/+\n][A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gi,
    likely: (match) => random(match.slice(-40)) && !match.endsWith("EXAMPLEKEY"),
  },
  {
    kind: "a model provider's API key",
    pattern: /(?<![A-Za-z0-9])sk-(?:(?:proj|ant|live|svcacct|admin|or|lf|service)-)?[A-Za-z0-9_-]{20,200}/g,
    likely: random40,
  },
  { kind: "a GitHub token", pattern: /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{20,255}/g },
  { kind: "a GitHub token", pattern: /(?<![A-Za-z0-9])ghs_[0-9]{1,12}_[A-Za-z0-9_.-]{20,1000}/g },
  { kind: "a GitHub token", pattern: /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,255}/g },
  {
    kind: "a GitLab token",
    pattern: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|oas|soat|ft|agent)-[A-Za-z0-9_-]{20,255}/g,
  },
  { kind: "a Slack token", pattern: /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,255}/g },
  { kind: "a Slack webhook", pattern: /hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/]{20,255}/g },
  {
    kind: "a Stripe key",
    pattern: /(?<![A-Za-z0-9])(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{24,255}/g,
    likely: random40,
  },
  { kind: "a Google API key", pattern: /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g },
  { kind: "a Google OAuth token", pattern: /(?<![A-Za-z0-9])(?:ya29\.|GOCSPX-)[A-Za-z0-9_-]{20,1000}/g },
  { kind: "an npm token", pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/g },
  { kind: "an npm registry password", pattern: /:_(?:authToken|auth|password)\s*=\s*[^\s$"'{][^\s"']{7,500}/g },
  { kind: "a PyPI token", pattern: /(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{40,1000}/g },
  { kind: "a Hugging Face token", pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,100}/g },
  { kind: "a DigitalOcean token", pattern: /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{64}/g },
  { kind: "a SendGrid key", pattern: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/g },
  { kind: "an Azure storage key", pattern: /AccountKey\s*=\s*[A-Za-z0-9+/]{60,100}={0,2}/g },
  {
    kind: "a JSON web token",
    pattern: /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,1000}/g,
  },
  { kind: "an age secret key", pattern: /AGE-SECRET-KEY-1[A-Z0-9]{50,70}/g },
  {
    kind: "a password in a URL",
    pattern: /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>]{1,100}:[^\s:@/"'<>]{6,200}@[a-z0-9]/gi,
    likely: (match) =>
      !PLACEHOLDER.test(match) && !/:\/\/[^:]*:(?:password|passwd|secret|postgres|pass|user|test|root)@/i.test(match),
  },
  {
    kind: "a credential",
    pattern:
      /(?:secret|token|passwo?r?d|pwd|api[_-]?key|private[_-]?key|access[_-]?key|auth[_-]?key|credential)[a-z0-9_-]{0,30}["']?\s{0,5}[:=]\s{0,5}[A-Za-z0-9+/_-]{20,300}={0,2}(?=\s|$)/gi,
    likely: (match) => isBareSecret(/[A-Za-z0-9+/_-]+={0,2}$/.exec(match)?.[0] ?? ""),
  },
  {
    kind: "a credential",
    pattern:
      /(?:secret|token|passwo?r?d|pwd|api[_-]?key|private[_-]?key|access[_-]?key|auth[_-]?key|credential)[a-z0-9_-]{0,30}["'`\]]{0,2}\s{0,5}(?:[:=]|=>|:=)\s{0,5}["'`]([A-Za-z0-9+/_\-=.~]{20,300})["'`]/gi,
    likely: (match) => {
      const value = /["'`]([^"'`]{20,})["'`]$/.exec(match)?.[1] ?? "";
      return random40(value) && entropy(value) > 3.7;
    },
  },
];
