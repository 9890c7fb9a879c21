// Commands where our own comments would say them, in every way in which a line can begin.
import { group } from "./payload.ts";

export const ORDERS = group("orders", [
  "/approve",
  "/approve all",
  "text\n/approve k7m2",
  "  /approve",
  "\t/approve",
  "\\/approve",
  "&#47;approve",
  "&sol;approve",
  "> /approve",
  "- /approve",
  "1. /approve",
  "/APPROVE",
  "\uFF0Fapprove",
  "/\u200Bapprove",
  "\u200B/approve",
  "<br>/approve",
  "</details>\n\n/approve",
  "```\n```\n/approve",
  "/cancel",
  "/reject\n/hold\n/revise do it all again",
]);
