import { describe, expect, it } from "vitest";
import { createLog } from "../../src/ops/log.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";

const logged = (write: (log: ReturnType<typeof createLog>) => void, secrets: string[] = []) => {
  const lines: string[] = [];
  const redactor = createRedactor(secrets);
  const log = createLog("debug", redactor, (line) => lines.push(line));
  write(log);
  return lines.join("");
};

describe("createLog", () => {
  it("writes one JSON object a line, with a static message and fields", () => {
    const line = logged((log) => log.info({ delivery: "D-1", tries: 2 }, "job done"));
    expect(JSON.parse(line)).toMatchObject({ level: "info", delivery: "D-1", tries: 2, msg: "job done" });
    expect(line.endsWith("\n")).toBe(true);
  });

  it.each([
    ["in the message", (log: ReturnType<typeof createLog>) => log.error("key hunter2-hunter2 is bad")],
    [
      "in a field",
      (log: ReturnType<typeof createLog>) => log.error({ url: "https://x:hunter2-hunter2@host" }, "failed"),
    ],
    ["in an error", (log: ReturnType<typeof createLog>) => log.error({ err: new Error("hunter2-hunter2") }, "failed")],
    ["deep inside", (log: ReturnType<typeof createLog>) => log.error({ a: { b: ["hunter2-hunter2"] } }, "failed")],
  ])("cuts a known secret out %s", (_, write) => {
    const text = logged(write, ["hunter2-hunter2"]);
    expect(text).toContain("[redacted]");
    expect(text).not.toContain("hunter2");
  });

  it("finds a secret of several lines as JSON writes it", () => {
    const pem = "-----BEGIN PRIVATE KEY-----\nMIIEabc\n-----END PRIVATE KEY-----";
    expect(logged((log) => log.error({ pem }, "x"), [pem])).not.toContain("MIIEabc");
  });

  it.each([
    "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
    "ghs_123456_eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjE3fQ.c2lnbmF0dXJl-_x",
    "github_pat_11ABCDEFG0123456789_abcdefghij",
    "sk-proj-abcdefghijklmnop1234",
  ])("cuts out what looks like a token: %s", (token) => {
    expect(logged((log) => log.warn(`got ${token} back`))).toContain("got [redacted] back");
  });

  it("learns secrets while it runs", () => {
    const redactor = createRedactor([]);
    redactor.add("minted-later-1");
    expect(redactor.apply("a minted-later-1 b")).toBe("a [redacted] b");
  });

  it("leaves short values alone: they would cut holes into words", () => {
    expect(createRedactor(["key"]).apply("the key of a monkey")).toBe("the key of a monkey");
  });
});
