// Words that close issues and references that leave a trace on them.
import { group } from "./payload.ts";

export const CLOSINGS = group("closings", [
  "fixes #9001",
  "Closes: #9001",
  "RESOLVED #9001",
  "fix acme/payroll#9001",
  "closes https://github.com/acme/payroll/issues/9001",
  "resolves GH-9001",
  "close #9001, fixes #9002, resolve #9003",
  "fixes\u00A0#9001",
  "fixes &#35;9001",
  "fixes \\#9001",
  "fixes #<!-- -->9001",
  "*fixes* **#9001**",
  "fixes [#9001](#9001)",
  "see #9001 and acme/payroll#9002",
  "https://github.com/acme/payroll/pull/9001",
  "acme/payroll@deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
  "reverts deadbeefcafe",
  "duplicate of #9001",
  "Part of #9001\nCloses #9002",
]);
