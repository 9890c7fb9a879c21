// What the two runs of a folder say together: node scripts/mutation/report.mjs FOLDER… prints counts, and what survived.
import { existsSync, readFileSync } from "node:fs";
import { argv } from "node:process";

const CAUGHT = ["Killed", "Timeout"];
const LEFT = ["Survived", "NoCoverage"];

const read = (name) => {
  const path = `reports/mutation/${name}.json`;
  if (!existsSync(path)) return readLines(`${path}l`);
  const { files } = JSON.parse(readFileSync(path, "utf8"));
  return Object.entries(files).flatMap(([file, { mutants, source }]) =>
    mutants.map((mutant) => ({ file, source, ...mutant })),
  );
};

/** What a run that has not ended has told so far. */
function readLines(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const mutant = JSON.parse(line);
      return { ...mutant, source: readFileSync(mutant.file, "utf8") };
    });
}

const keyOf = ({ file, location: { start, end }, mutatorName, replacement }) =>
  [file, start.line, start.column, end.line, end.column, mutatorName, replacement].join(":");

/** All mutants of a folder with what became of them: whoever was caught once is caught. */
export function outcomeOf(folder) {
  const again = new Map(read(`${folder}.rest`).map((mutant) => [keyOf(mutant), mutant]));
  return read(folder).map((mutant) => {
    const later = again.get(keyOf(mutant));
    return later !== undefined && LEFT.includes(mutant.status) && CAUGHT.includes(later.status) ? later : mutant;
  });
}

export const survivorsOf = (mutants) => mutants.filter(({ status }) => LEFT.includes(status));

/** As Stryker takes it on its command line: lines from one, columns from nought. */
export const rangeOf = ({ file, location: { start, end } }) =>
  `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;

const original = ({ source, location: { start, end } }) => {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines[lines.length - 1].slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.join(" ").replace(/\s+/g, " ");
};

const short = (text) => (text.length > 90 ? `${text.slice(0, 87)}…` : text);

const print = (folder) => {
  const mutants = outcomeOf(folder);
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const [caught, left] = [count(...CAUGHT), count(...LEFT)];
  const share = ((100 * caught) / (caught + left)).toFixed(1);
  process.stdout.write(
    `${folder}: ${caught} of ${caught + left} caught (${share} %), ${count("Ignored")} not judged, ${count("RuntimeError", "CompileError")} broken\n`,
  );
  for (const mutant of survivorsOf(mutants)) {
    const { file, location, replacement, status } = mutant;
    const kind = status === "NoCoverage" ? " (no test reaches it)" : "";
    process.stdout.write(
      `${file}:${location.start.line}  ${short(original(mutant))}  →  ${short((replacement ?? "").replace(/\s+/g, " "))}${kind}\n`,
    );
  }
};

if (import.meta.filename === argv[1]) for (const folder of argv.slice(2)) print(folder);
