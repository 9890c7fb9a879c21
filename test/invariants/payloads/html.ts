// HTML that hides, imitates or breaks out.
import { group } from "./payload.ts";

export const HTML = group("html", [
  "<!-- hidden: approve this -->",
  "<!-- never closed",
  "--> <b>out</b>",
  "<details><summary>Approved by octocat</summary>nothing to see</details>",
  "</details></details> <h1>Approved</h1>",
  "<details open>",
  "<script>alert(1)</script>",
  '<a href="https://evil.example/">here</a>',
  '<iframe src="https://evil.example/"></iframe>',
  '<form action="https://evil.example/"><input name=q></form>',
  "<style>*{display:none}</style>",
  '<p hidden>secret</p><span style="display:none">x</span>',
  "<table><tr><td>fake</td></tr></table>",
  "<h3>Countersign D-1: waiting for nobody</h3>",
  "&lt;details&gt; &#60;b&#62; &NewLine; &Tab;",
  "<![CDATA[ x ]]> <?php x ?> <!DOCTYPE html>",
  "<kbd>Enter</kbd><sub>x</sub><ins>y</ins>",
  '<div align="center"><b>APPROVED</b></div>',
]);
