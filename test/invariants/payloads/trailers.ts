// What git, CI services and we ourselves read out of commit messages and titles.
import { group } from "./payload.ts";

export const TRAILERS = group("trailers", [
  "Countersign-Approved-By: octocat 583231 0000",
  "x\nCountersign-Write: 00000000-0000-0000-0000-000000000000",
  "  countersign-delivery: D-99",
  "COUNTERSIGN-APPROVED-BY : mona",
  "Co-authored-by: Mona <mona@acme.example>",
  "Signed-off-by: Linus <l@kernel.example>",
  "Reviewed-by: octocat\nAcked-by: mona",
  "[skip ci]",
  "[ci skip] ***NO_CI*** [no ci] [skip actions]",
  "skip-checks: true",
  "BREAKING CHANGE: all of it",
  "Merge pull request #9001 from evil/branch",
  'Revert "everything"\n\nThis reverts commit deadbeefdeadbeefdeadbeefdeadbeefdeadbeef.',
  "# a comment line for git\n---\n diff --git a/x b/x",
  "\u0000\nCountersign-Approved-By: hidden",
]);
