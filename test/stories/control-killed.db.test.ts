// Killed at every point of keeping the control issue, and of hearing the brake in it, it leaves one issue, one freeze and one answer.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { freezes } from "../../src/db/schema.ts";
import { quiet } from "../support/reading-back.ts";
import { openWorld, PEOPLE, type World } from "../support/world.ts";

/** Each is died at once, in whatever order they are come to. */
const left = new Set<string>();
const met = new Set<string>();

let world: World;
beforeAll(async () => {
  const crash = (name: string) => {
    met.add(name);
    if (left.delete(name)) throw new Error(`died at ${name}`);
  };
  world = await openWorld({ crash, impatient: true });
});
afterAll(() => world.close());
afterEach(() => left.clear());

const dieAt = (...names: readonly string[]) => {
  for (const name of names) left.add(name);
};
const approver = () => world.github.as(PEOPLE.approver);
const configure = (wanted: "on" | "off") =>
  approver().push("main", { ".github/countersign.yml": `control_issue: ${wanted}\n` });
const controls = () => world.shop.issues().filter(({ body }) => body?.startsWith("### Countersign in") === true);
const bodyOf = (issue: number): string => world.shop.issue(issue).body ?? "";

/** When all was died at and is done: the only control issue. */
async function theOnly(state: "open" | "closed") {
  await world.until(() => left.size === 0 && controls().some((one) => one.state === state), `one that is ${state}`);
  await quiet(world);
  expect(controls()).toEqual([expect.objectContaining({ title: "Countersign: control", state })]);
  const [one] = controls();
  if (one === undefined) throw new Error("there is no control issue");
  return one;
}

const OPENING = [
  "control.before.read",
  "control.before.find_issue",
  "control.before.open_issue",
  "control.after.open_issue",
];
const SETTING = ["control.before.set_issue", "control.after.set_issue"];
const FOLLOWING = ["intake.before.control_issue", "intake.after.control_issue"];

it("opens one issue, and finds it where nobody wrote down that it was opened", async () => {
  // What was found is made to say what is, as one that was there.
  dieAt(...OPENING, ...SETTING);
  configure("on");
  const { number } = await theOnly("open");
  expect(bodyOf(number)).toContain("**Not frozen.**");
});

it("puts back what people do to it", async () => {
  const { number } = await theOnly("open");
  dieAt(...FOLLOWING, "control.before.read", ...SETTING);
  approver().editIssue(number, { title: "Mine now" });
  await world.until(() => world.shop.issue(number).title === "Countersign: control", "the title again");
  expect((await theOnly("open")).number).toBe(number);
});

it("opens another one where it was deleted, and one only", async () => {
  const { number } = await theOnly("open");
  dieAt(...FOLLOWING, ...OPENING);
  world.github.as(PEOPLE.owner).deleteIssue(number);
  expect((await theOnly("open")).number).not.toBe(number);
});

it("hears one brake, answers it once, and shows it", async () => {
  const { number } = await theOnly("open");
  dieAt(
    "commands.before.read_config",
    "commands.before.read_role",
    "commands.before.read_comment",
    "commands.before.commit",
    "commands.after.commit",
    "answer.before.intent",
    "answer.before.create_comment",
    "answer.after.create_comment",
    "answer.after.receipt",
    "control.before.read",
    ...SETTING,
  );
  expect(await world.say(number, PEOPLE.approver, "/freeze an incident")).toBe("+1");
  await world.until(() => /Reason: an incident\./.test(bodyOf(number)), "the freeze in it");
  await theOnly("open");
  expect(world.ours(number).map(({ body }) => body.split(" by ")[0])).toEqual(["**Frozen**"]);
  expect(await world.database.db.sql.select().from(freezes)).toMatchObject([{ by: "approver", liftedAt: null }]);
});

it("closes it, and opens the same one again", async () => {
  const { number } = await theOnly("open");
  dieAt("control.before.read", ...SETTING);
  configure("off");
  expect((await theOnly("closed")).number).toBe(number);
  dieAt("control.before.read", ...SETTING);
  configure("on");
  expect((await theOnly("open")).number).toBe(number);
  expect(bodyOf(number)).toContain("**Frozen.**");
});

it("was killed at every point of keeping it that there is", () => {
  const points = [...met].filter((name) => name.startsWith("control."));
  expect(points.toSorted()).toEqual([...OPENING, ...SETTING].toSorted());
});
