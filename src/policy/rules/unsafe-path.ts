// Paths that leave the repository, reach git's own files, or mean another file on another system.
import { IGNORABLE, skeleton } from "../path-forms.ts";
import { pathsOf } from "../proposal.ts";
import type { Rule } from "../rule.ts";

/** What git, HFS+ and NTFS may take for `.git`: any case, Unicode form, look-alike, short name or stream. */
const isGitFolder = (segment: string): boolean =>
  [segment, skeleton(segment)].some((form) => {
    const bare = form
      .replace(/:.*/s, "")
      .replace(/[. ]+$/, "")
      .trimStart()
      .toLowerCase();
    return bare === ".git" || /^git~[0-9]+$/.test(bare);
  });

/** Names of devices, with whatever extension; the superscripts count as digits on Windows. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(?:[.:]|$)/i;
/** An 8.3 name stands for a long one that nobody sees, `GI7EBA~1` for `.gitmodules`. */
const SHORT_NAME = /^[^.~]{1,8}~[0-9]{1,6}(?:\.[^.]{0,3})?$/;
/** Segments that `skeleton` maps to these were written to be read as them. */
const DOTS = /^\.{1,2}$/;

const OF_PATH: readonly (readonly [(path: string) => boolean, string])[] = [
  [(path) => path === "", "The path is empty."],
  [(path) => !path.isWellFormed() || path.includes("\uFFFD"), "The path is not valid Unicode."],
  [(path) => path.startsWith("/"), "The path is absolute."],
  [(path) => path.startsWith("~"), "The path begins with a tilde."],
  [(path) => path.startsWith("-"), "The path begins with a hyphen and reads as an option."],
  [(path) => /^[a-z]:/i.test(path), "The path names a drive."],
  [(path) => path.includes("\\"), "The path has a backslash."],
  [(path) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(path), "The path has a control character."],
  [(path) => path.replace(IGNORABLE, "") !== path, "The path has a character that nobody sees."],
  [(path) => /[\p{Zs}\u2800]/u.test(path.replaceAll(" ", "")), "The path has a space that is not the ordinary one."],
  [(path) => /[\p{Co}\p{Cn}]/u.test(path), "The path has a character without a meaning."],
  [(path) => /[<>:"|?*]/.test(path), "The path has a character that Windows gives another meaning."],
  [(path) => /%(?:2e|2f|5c|00)/i.test(path), "The path has a dot, slash or zero byte in URL encoding."],
  [
    (path) => /[\uff0e\uff0f\uff3c\u2024\u2044\u2215\u29f5\u29f8\u2216\u2571]/u.test(path),
    "The path has a look-alike of a dot or slash.",
  ],
];

const OF_SEGMENT: readonly (readonly [(segment: string) => boolean, string])[] = [
  [(segment) => segment === "", "The path has an empty part."],
  [
    (segment) => [segment, skeleton(segment)].some((form) => DOTS.test(form.trim())),
    "The path has a `.` or `..` in it.",
  ],
  [isGitFolder, "The path leads into `.git`."],
  [(segment) => /[. ]$/.test(segment), "A part of the path ends in a dot or a space."],
  [(segment) => /^\p{M}/u.test(segment), "A part of the path begins with a mark that is drawn over the slash."],
  [(segment) => segment.startsWith(" "), "A part of the path begins with a space."],
  [(segment) => DEVICE.test(segment), "A part of the path is the name of a device on Windows."],
  [(segment) => SHORT_NAME.test(segment), "A part of the path is a short name that stands for another on Windows."],
  [(segment) => Buffer.byteLength(segment) > 255, "A part of the path is longer than 255 bytes."],
];

const LONGEST = 1_000;

/** Everything that is wrong with a path; empty when it is safe. What is too long is not looked at any closer. */
export const pathProblems = (path: string): readonly string[] =>
  Buffer.byteLength(path) > LONGEST
    ? ["The path is longer than 1,000 bytes."]
    : [
        ...OF_PATH.filter(([wrong]) => wrong(path)).map(([, message]) => message),
        ...OF_SEGMENT.filter(([wrong]) => path.split(/[/\\]/).some(wrong)).map(([, message]) => message),
      ];

export const unsafePath: Rule = ({ files }) =>
  files.flatMap((file) =>
    pathsOf(file).flatMap((path) => pathProblems(path).map((message) => ({ path, line: null, message }))),
  );
