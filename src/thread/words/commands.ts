// Commands as people see them: typed exactly so, each with what it does.
import { commandLine } from "../../commands/catalogue.ts";
import { codeSpan, fence } from "../defuse.ts";
import type { DeliveryView } from "../delivery-view.ts";

export type Prefix = DeliveryView["settings"]["prefix"];

/** `` `/approve k7m2` ``, in a sentence. */
export const command = (prefix: Prefix, words: string): string => codeSpan(commandLine(prefix, words));

/** The main command alone in a fence, so that it can be copied on a phone. */
export const mainCommand = (prefix: Prefix, words: string): string => fence(commandLine(prefix, words));
