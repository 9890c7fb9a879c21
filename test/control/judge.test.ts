// What becomes of each command in a control issue, and of a brake that was pulled elsewhere.
import { describe, expect, it } from "vitest";
import type { Standing } from "../../src/commands/authorise.ts";
import { parseComment } from "../../src/commands/parse.ts";
import { DEFAULT_CONFIG } from "../../src/config/schema.ts";
import { type ControlHearing, judgeControl } from "../../src/control/judge.ts";
import { Sha } from "../../src/ids.ts";

const approver: Standing = { kind: "approver", login: "octocat", role: "maintain", gates: ["plan"] };
const writer: Standing = { kind: "may_command", login: "writer", role: "write", taken: false };
const stranger: Standing = { kind: "stranger", why: "role", role: "read" };
const hearing: ControlHearing = {
  where: "control",
  standing: approver,
  rules: { kind: "config", config: DEFAULT_CONFIG, prefix: null },
  unchanged: true,
};
const judge = (text: string, rest: Partial<ControlHearing> = {}) =>
  judgeControl(parseComment(text, { prefix: null, repositories: ["acme/shop"] }), { ...hearing, ...rest }).map(
    ({ name, ruling }) =>
      ruling.kind === "refused"
        ? `${name}: ${ruling.refusal.code}`
        : `${name}: ${ruling.kind}${ruling.kind === "freeze" ? ` ${ruling.reason}` : ""}`,
  );
const invalid = {
  kind: "problems" as const,
  prefix: null,
  refusal: { code: "config_invalid" as const, commit: Sha.parse("1".repeat(40)), problems: [] },
} satisfies ControlHearing["rules"];

describe("a control issue", () => {
  it.each<readonly [string, Partial<ControlHearing>, readonly string[]]>([
    ["/freeze", {}, ["freeze: freeze null"]],
    ["/freeze until Friday\nand longer", {}, ["freeze: freeze until Friday\nand longer"]],
    ["/unfreeze", {}, ["unfreeze: unfreeze"]],
    ["/unfreeze please", {}, ["unfreeze: usage"]],
    ["/freeze a\n\n/unfreeze", {}, ["freeze: contradiction"]],
    ["/approve", {}, ["approve: not_here"]],
    ["/help", {}, ["help: not_here"]],
    ["words", {}, []],
    ["> /freeze", {}, []],
    ["`/freeze`", {}, []],
    ["/freeze", { standing: writer }, ["freeze: not_approver"]],
    ["/unfreeze", { standing: writer }, ["unfreeze: not_approver"]],
    ["/freeze", { standing: stranger }, ["freeze: stranger"]],
    ["/freeze", { unchanged: false }, ["freeze: edited"]],
    // By a file that cannot be used nobody is on a list: the brake is for maintainers then, and letting go waits.
    ["/freeze now", { rules: invalid }, ["freeze: freeze now"]],
    ["/freeze", { rules: invalid, standing: writer }, ["freeze: config_invalid"]],
    ["/unfreeze", { rules: invalid }, ["unfreeze: config_invalid"]],
    // An issue that is not kept any more shows no freeze, so none is put there; what stands can be lifted.
    ["/freeze now", { where: "off" }, ["freeze: control_off"]],
    ["/freeze now", { where: "off", rules: invalid }, ["freeze: control_off"]],
    ["/freeze now", { where: "off", standing: writer }, ["freeze: not_approver"]],
    ["/unfreeze", { where: "off" }, ["unfreeze: unfreeze"]],
    ["/unfreeze", { where: "off", standing: writer }, ["unfreeze: not_approver"]],
    ["/approve", { where: "off" }, ["approve: not_here"]],
    // Elsewhere a brake is answered, and nothing else is.
    ["/freeze now", { where: "elsewhere" }, ["freeze: elsewhere"]],
    ["/unfreeze", { where: "elsewhere", standing: writer }, ["unfreeze: elsewhere"]],
    ["/approve", { where: "elsewhere" }, []],
    ["/freeze", { where: "elsewhere", standing: stranger }, ["freeze: stranger"]],
  ])("hears %j with %j", (text, rest, rulings) => {
    expect(judge(text, rest)).toEqual(rulings);
  });

  it("keeps a bounded reason", () => {
    const [said] = judge(`/freeze ${"x".repeat(5_000)}`);
    expect(said).toHaveLength("freeze: freeze ".length + 1_000);
  });
});
