// What a command in a control issue is answered, and a brake that was pulled elsewhere.
import { unreachable } from "../../result.ts";
import type { Prefix } from "./commands.ts";
import { command } from "./commands.ts";
import { person } from "./phrase.ts";

/** By it people find the issue; another one is put back. */
export const CONTROL_TITLE = "Countersign: control";

/** Of a command that was carried out. */
export const controlDone = (
  done: "freeze" | "unfreeze",
  login: string,
  prefix: Prefix,
  stillFrozen: boolean,
): string => {
  switch (done) {
    case "freeze":
      return `**Frozen** by ${person(login)}. Nothing is written, no delivery begins, and no model is paid for in this repository. What was approved and asked for is kept. ${command(prefix, "unfreeze")} here lifts it.`;
    case "unfreeze":
      return stillFrozen
        ? `**Lifted** by ${person(login)}. The operator's own freeze still stands, so everything waits for that.`
        : `**Lifted** by ${person(login)}. What was held goes on by itself.`;
    default:
      return unreachable(done);
  }
};
