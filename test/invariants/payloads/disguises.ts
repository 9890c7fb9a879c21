// Contents that look like the diff, the header or the end of what shows them.
import { group } from "./payload.ts";

export const DISGUISES = group("disguises", [
  "diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-old\n+new",
  "--- a/.github/workflows/x.yml\n+++ b/.github/workflows/x.yml",
  "@@ -0,0 +1,99 @@",
  "\\ No newline at end of file",
  "-removed\n+added\n context",
  "rename from a\nrename to b\nold mode 100644\nnew mode 100755",
  "GIT binary patch\nliteral 0",
  "Binary files a/x and b/x differ",
  "<<<<<<< ours\n=======\n>>>>>>> theirs",
  "Index: x\n===================================================================",
  "*** Begin Patch\n*** Delete File: LICENSE\n*** End Patch",
]);
