// Secrets that are planted to be looked for: whatever leaves the app is searched for each, as it is and as it could be wrapped.
import { createHash } from "node:crypto";

/** Of a secret, every shape in which somebody could get it past a search for it as it stands. */
export const shapesOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret, "utf8");
  // Base64 of a text that stands within another is one of three, by where it begins.
  const base64 = [0, 1, 2].map((shift) => {
    const coded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    return coded.slice(shift === 0 ? 0 : shift + 1, -4);
  });
  if (secret.length < 16) throw new Error("too short to be looked for");
  return [
    secret,
    secret.slice(4),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString("hex"),
    [...secret].reverse().join(""),
    ...base64.flatMap((coded) => [coded, coded.replaceAll("+", "-").replaceAll("/", "_")]),
  ];
};

/** One that no pattern knows, and nothing else holds. */
export const canary = (name: string): string =>
  createHash("sha256").update(`canary of ${name}`).digest("base64url").slice(0, 32);

export type Leak = Readonly<{ where: string; secret: string }>;

export const leaksIn = (
  outbound: readonly Readonly<{ where: string; text: string }>[],
  secrets: Readonly<Record<string, string>>,
): readonly Leak[] => {
  // One search a shape; only what is found is searched for again, for where it was.
  const whole = outbound.map(({ text }) => text).join("\n");
  const found = Object.entries(secrets).flatMap(([secret, value]) =>
    [...new Set(shapesOf(value))].filter((shape) => whole.includes(shape)).map((shape) => ({ secret, shape })),
  );
  return found.flatMap(({ secret, shape }) =>
    outbound.filter(({ text }) => text.includes(shape)).map(({ where }) => ({ where, secret })),
  );
};
