// The configuration file that is offered is one that can be used as it stands.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import { starterLines } from "../../src/thread/render/starter.ts";
import { DONE, STATIONS } from "./support/world.ts";

const read = (view: Parameters<typeof starterLines>[0]) => {
  const parsed = parseConfig(starterLines(view).join("\n"));
  return parsed.ok ? parsed.value : parsed.error;
};

describe("the file that is offered", () => {
  it("names who put the label on, and the checks that ran", () => {
    expect(read(STATIONS.watching)).toMatchObject({ exit_phase: "verify", verify: { required_checks: [] } });
    expect(read(DONE)).toMatchObject({
      approvers: { users: [DONE.requester] },
      verify: { required_checks: ["build", "lint", "test (20)", "test (24)"] },
    });
  });

  it("says that only those whom it names are notified", () => {
    expect(starterLines(STATIONS.labeled)[0]).toBe(
      "approvers:  # mentioned, and so notified, when something waits for their decision; nobody is without this list",
    );
  });

  it.each(["on", "null", "1234", "0x1f", "octocat"])("takes the login %s for a login", (requester) => {
    expect(read({ ...DONE, requester })).toMatchObject({ approvers: { users: [requester] } });
  });

  it("takes the name of any check for a name", () => {
    const [check] = DONE.checks ?? [];
    if (check === undefined) throw new Error("no check");
    const name = 'a: "b" # c\n- d';
    expect(read({ ...DONE, checks: [{ ...check, name }] })).toMatchObject({ verify: { required_checks: [name] } });
  });
});
