// Fences and code spans that are opened, closed and nested against whoever quotes them.
import { group } from "./payload.ts";

export const FENCES = group("fences", [
  "```\n@victim\n```",
  "```",
  "````\n```\n````",
  "~~~\n@victim\n~~~",
  "``````````````````````",
  "```js\n/approve\n```\n@victim",
  "` @victim `` @victim ```",
  "```\n\n\n```\n\n# out\n\n@victim",
  "   ```\nindented\n   ```",
  "    indented code\n\n@victim",
  "```diff\n+ @victim\n```",
  "~~~~~~~ ``` ~~~ `````",
  "\\`@victim\\` `\\` @victim",
  "```\u00A0\n@victim\n```",
]);
