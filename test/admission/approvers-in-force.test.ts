// What a snapshot keeps of the approvers: numbers, under the logins of that moment, for each list that there is.
import { expect, it } from "vitest";
import { approversInForce } from "../../src/admission/approvers-in-force.ts";
import { ConfigFile } from "../../src/config/schema.ts";
import { GitHubError } from "../../src/github/errors.ts";
import type { Account } from "../../src/github/reading.ts";
import { UserId } from "../../src/ids.ts";

const account = (login: string, id: number, type: Account["type"] = "User"): Account => ({
  id: UserId.parse(id),
  login,
  type,
});
const ALL = [account("Mona", 7), account("lisa", 8), account("robot", 9, "Bot")];

const port = (team: "whole" | "cut" | "hidden" | "down" = "whole") => ({
  accountByLogin: async (login: string) => ALL.find((one) => one.login.toLowerCase() === login.toLowerCase()) ?? null,
  accountById: async (id: UserId) => ALL.find((one) => one.id === id) ?? null,
  teamMembers: async () => {
    if (team === "hidden") throw new GitHubError("forbidden", "no");
    if (team === "down") throw new GitHubError("server", "no");
    return { items: [account("paul", 10)], complete: team === "whole" };
  },
});
const inForce = (given: object, team?: Parameters<typeof port>[0]) =>
  approversInForce(port(team), ConfigFile.parse(given), "acme");

const MONA = { id: 7, login: "Mona" };

it("names nobody where the roles decide", async () => {
  expect(await inForce({})).toEqual({ approvers: { kind: "maintainers" }, gates: {} });
});

it("keeps people by number, of logins and ids, and names those that nobody is", async () => {
  expect(await inForce({ approvers: ["mona", 8, 99, "robot", "gone"] })).toEqual({
    approvers: { kind: "named", people: [MONA, { id: 8, login: "lisa" }], unknown: ["99", "robot", "gone"] },
    gates: {},
  });
});

it("keeps those of each gate that has its own", async () => {
  expect(await inForce({ gate_approvers: { review: ["acme/core", "mona"], deploy: { users: [8] } } })).toEqual({
    approvers: { kind: "maintainers" },
    gates: {
      review: { kind: "named", people: [MONA, { id: 10, login: "paul" }], unknown: [] },
      deploy: { kind: "named", people: [{ id: 8, login: "lisa" }], unknown: [] },
    },
  });
});

it.each(["cut", "hidden"] as const)("does not take a team that is %s for whole", async (team) => {
  expect((await inForce({ approvers: ["acme/core"] }, team)).approvers).toEqual({
    kind: "named",
    people: [],
    unknown: ["acme/core"],
  });
});

it("is asked again where GitHub does not answer", async () => {
  await expect(inForce({ approvers: ["acme/core"] }, "down")).rejects.toThrow(GitHubError);
});
