// The shell around the machine, in memory: applies events and keeps the books by the effects alone.
import type { Delivery } from "../../../src/delivery/delivery.ts";
import type { Effect } from "../../../src/delivery/effect.ts";
import type { Actor, MachineEvent } from "../../../src/delivery/event.ts";
import { at, type Said, type Town } from "./town.ts";

const SYSTEM: Actor = { kind: "system", id: "shell" };

const keep = (town: Town, effect: Effect, said: Said | null): void => {
  switch (effect.kind) {
    case "record_approval": {
      const { digest } = effect.subject;
      const { person } = effect;
      if (said === null) throw new Error("an approval without words");
      const stands = town.rows.some((row) => !row.voided && row.digest === digest && row.person === person);
      if (!stands) town.rows.push({ digest, person, said, voided: false });
      return;
    }
    case "void_approvals":
      for (const row of town.rows) {
        const isHit = effect.subjects.some(({ digest }) => digest === row.digest);
        if (isHit && (effect.people === null || effect.people.includes(row.person))) row.voided = true;
      }
      return;
    case "work":
      town.jobs.push({ work: effect.work, attempt: effect.attempt });
      return;
    default:
      return;
  }
};

/** Puts one event to the machine. `said`: the words or the click that it came from. */
export const tell = (town: Town, event: MachineEvent, said: Said | null = null): void => {
  const actor: Actor =
    said === null
      ? SYSTEM
      : said.by.isHuman
        ? { kind: "human", id: said.by.id, login: said.by.login }
        : { kind: "github", id: String(said.by.id) };
  const before: Delivery = town.d;
  const recorded = { event, actor, at: at(town.now) };
  const step = town.machine(before, recorded);
  if (step.kind === "moved") town.d = step.next;
  for (const effect of step.effects) keep(town, effect, said);
  const told = { before, recorded, step };
  town.told.push(told);
  town.listener.told(town, told, said);
};
