// `countersign replay RUN`: whether a run, from what is stored of it, comes to the same again. Nothing is asked of anyone.
import { replay } from "../../agent/replay/replay.ts";
import { loadRun } from "../../agent/replay/stored-run.ts";
import { neverCrash } from "../../crash-points.ts";
import type { Database } from "../../db/database.ts";
import { RunId } from "../../ids.ts";
import { type CliOutcome, printed, unusable } from "./outcome.ts";

/** 0: the same. 1: something else. 2: no such run, or nothing of it to replay. */
export async function replayCommand(db: Database, given: string, format: "json" | "text"): Promise<CliOutcome> {
  const id = RunId.safeParse(/^[1-9][0-9]{0,9}$/.test(given) ? Number(given) : null);
  if (!id.success) return unusable(`${JSON.stringify(given)} is not the number of a run`);
  const run = await loadRun(db.sql, id.data);
  if (!run.ok) return unusable(run.error);
  const { same, lines } = await replay({ db, clock: () => new Date(), crash: neverCrash }, run.value);
  const { step, role, deliveryId } = run.value;
  const facts = { run: id.data, delivery: `D-${deliveryId}`, role, model: step.model, prompt: step.prompt.version };
  if (format === "json") return printed(`${JSON.stringify({ ...facts, same, lines })}\n`, same ? 0 : 1);
  const head = `Run ${facts.run} of ${facts.delivery}: ${role}, ${step.model}, ${step.prompt.version}`;
  const end = same ? "The same came of it." : "Something else came of it.";
  // Models wrote some of this: nothing in it may take hold of the terminal.
  const safe = lines.map((line) => `  ${line.replaceAll(/\p{C}/gu, " ")}`);
  return printed(`${[head, ...safe, end].join("\n")}\n`, same ? 0 : 1);
}
