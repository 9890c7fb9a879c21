// Leads a delivery that is to be merged to its deploy gate, and from there to its end.
import { toPull } from "./on-the-way.ts";
import { quiet } from "./reading-back.ts";
import { PEOPLE, type World } from "./world.ts";

export const MERGE = /^\*\*Ready to merge, please decide/;

export const SHIPS = `exit_phase: observe
approvers: [octocat]
deploy: { environment: production }
observe: { window: 1s }
`;

/** On the default branch, before anything is labeled. */
export const configure = ({ github }: World, text: string = SHIPS): void =>
  void github.as(PEOPLE.owner).push("main", { ".github/countersign.yml": text });

type Pull = Awaited<ReturnType<typeof toPull>>["pull"];

/** Green, and waiting for people to decide on the merge. */
export async function toMerge(world: World): Promise<Readonly<{ issue: number; pull: Pull; code: string }>> {
  const { issue, pull } = await toPull(world);
  await world.report(pull.head.sha, "success");
  const code = await world.gate(issue, MERGE);
  await quiet(world);
  return { issue, pull, code };
}

/** What listens to deployments says that it is there. */
export async function deployed(
  { github, shop, until }: World,
  state: "success" | "failure" = "success",
): Promise<void> {
  const made = await until(() => shop.deployments().at(-1), "the deployment");
  github.as(PEOPLE.owner).deploymentStatus(made.id, state, "https://shop.example");
}
