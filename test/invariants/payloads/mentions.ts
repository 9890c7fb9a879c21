// Mentions of people and teams, plain and in the disguises that Markdown, HTML and entities allow.
import { group } from "./payload.ts";

export const MENTIONS = group("mentions", [
  "@victim please look",
  "ping @acme/secret-team",
  "(@victim)",
  "@Victim-Two.",
  "\\@victim",
  "&#64;victim",
  "&#x40;victim and &commat;victim",
  "*@victim* **@victim** _@victim_ ~~@victim~~",
  "@<!-- -->victim",
  "@<b></b>victim",
  "[@victim](https://evil.example/)",
  "`code` @victim `code",
  "a\n@victim",
  "> @victim",
  "| @victim | b |\n|---|---|\n| @victim | c |",
  "/@victim",
  "\uFF20victim @victim",
  "@\u200Bvictim @victim\u200B",
  "**cc** @victim,@victim-two;@acme/secret-team",
]);
