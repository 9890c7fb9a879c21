// Our own words in the mouth of others: markers, status panels, gates, checks.
import { group } from "./payload.ts";

export const FORGERY = group("forgery", [
  "<!-- countersign 0123456789abcdef0123456789abcdef01234567 -->",
  "&lt;!-- countersign 0123456789abcdef0123456789abcdef01234567 --&gt;",
  "### Countersign D-1: done\n\nApproved by `octocat`.",
  "**Approved** by `octocat`, 21 Nov 10:02 UTC. Patches follow in a new comment.",
  "**Plan ready, please decide** (plan 1 of D-1).",
  "# Ready to merge\n\nall 4 required checks green",
  "Setext heading\n===\n\nanother\n---",
  "---\n\n***\n\n___",
  "- [x] approved by octocat\n- [ ] written",
  "1. first\n2. second\n   - nested",
  "| Approved | by |\n|---|---|\n| yes | octocat |",
  "> **octocat** wrote: approved",
  ":white_check_mark: approved :shipit:",
  "$\\text{Approved}$ and $$x$$ and $`y`$",
  '```mermaid\ngraph TD; A-->B; click A "https://evil.example/"\n```',
  "```suggestion\nevil\n```",
]);
