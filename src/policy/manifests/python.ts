// pyproject.toml and Pipfile: dependencies of every tool that keeps them there, and what runs when a package is built.

import { tomlFragments } from "./cargo.ts";
import { at, type Entries, entries, flat, isTable, joined, type Reader, type Tree } from "./entries.ts";
import { ENVIRONMENTS, isForeignPlace, namesInstaller, PLACES } from "./python-places.ts";
import { isForeignRequirement, requirement } from "./requirements.ts";
import { readToml } from "./toml.ts";

/** Lists of requirement lines. A `*` stands for every name. */
const LISTS = [
  "project dependencies",
  "project optional-dependencies *",
  "dependency-groups *",
  "build-system requires",
  "tool uv dev-dependencies",
  "tool uv override-dependencies",
  "tool uv constraint-dependencies",
  "tool uv build-constraint-dependencies",
  "tool pdm dev-dependencies *",
  "tool hatch envs * dependencies",
  "tool hatch envs * extra-dependencies",
  "tool cibuildwheel before-build",
];
/** Tables of names over versions, or over tables of their own. */
const TABLES = [
  "tool poetry dependencies",
  "tool poetry dev-dependencies",
  "tool poetry group * dependencies",
  "tool poetry requires-plugins",
  "packages",
  "dev-packages",
  ...PLACES,
];

const places = (tree: Tree | undefined, names: readonly string[], under = ""): [string, Tree][] => {
  const [name, ...rest] = names;
  if (tree === undefined) return [];
  if (name === undefined) return [[under, tree]];
  if (!isTable(tree)) return [];
  const found = name === "*" ? [...tree.keys()] : [name];
  return found.flatMap((one) => places(tree.get(one), rest, joined(under, one)));
};

const requirementsIn = ([under, list]: [string, Tree]): [string, string][] =>
  flat(list).map(([inner, text]) => {
    const [name, spec] = inner === "" ? requirement(text) : [inner, text];
    return [joined(under, name), spec];
  });

export const readPython: Reader = (text) => {
  const toml = readToml(text);
  if (toml === null) return null;
  const below = (paths: readonly string[]) => paths.flatMap((path) => places(toml, path.split(" ")));
  return entries([
    ...below(LISTS).flatMap(requirementsIn),
    ...below(TABLES).flatMap(([under, tree]) => flat(tree, under)),
    ...below(ENVIRONMENTS)
      .flatMap(([under, tree]) => flat(tree, under))
      .filter(([name, value]) => namesInstaller(name, value)),
  ]);
};

/** Builders that everybody uses; another one is a program that runs at installation. */
const BUILDERS = new Set([
  "setuptools.build_meta",
  "hatchling.build",
  "poetry.core.masonry.api",
  "flit_core.buildapi",
  "pdm.backend",
  "uv_build",
  "maturin",
  "scikit_build_core.build",
  "mesonpy",
]);
const HOOKS = [
  "build-system backend-path",
  "tool poetry build",
  "tool hatch build hooks",
  "tool hatch build targets",
  "tool hatch metadata hooks",
  "tool setuptools cmdclass",
  "tool pdm build",
];
/** Of a build's settings those that name code. */
const CODE =
  /(?:^| > )(?:hooks|script|setup-script|run-setuptools|custom|custom-hook|cmdclass|backend-path)(?: > |$)|^tool > poetry > build$/;

/** PDM runs these around its own commands: `post_install` whenever somebody installs. */
const PDM_SIGNAL = /^tool > pdm > scripts > (?:pre|post)_/;

export const readPythonBuild: Reader = (text) => {
  const toml = readToml(text);
  if (toml === null) return null;
  const builder = at(toml, "build-system", "build-backend");
  const unknown = typeof builder === "string" && !BUILDERS.has(builder);
  return entries([
    ...(unknown ? [["build-system > build-backend", builder] as const] : []),
    ...HOOKS.flatMap((path) => places(toml, path.split(" ")))
      .flatMap(([under, tree]) => flat(tree, under))
      .filter(([name]) => CODE.test(name)),
    ...places(toml, ["tool", "pdm", "scripts", "*"])
      .filter(([name]) => PDM_SIGNAL.test(name))
      .flatMap(([under, tree]) => flat(tree, under)),
  ]);
};

/** `path` is judged by where it leads. */
const FOREIGN_KEY = /^(?:git|hg|svn|url|file|index|rev|branch|tag|registry)$/;

const ENVIRONMENT = /^tool > (?:hatch > envs|cibuildwheel|tox|pdm > scripts|poe)(?: > |$)/;

export const isForeignPython = (name: string, value: string): boolean =>
  isForeignPlace(name, value) ||
  (ENVIRONMENT.test(name) && namesInstaller(name, value)) ||
  FOREIGN_KEY.test(name.slice(name.lastIndexOf(" > ") + 3)) ||
  (!/^tool > (?:poetry|uv|pixi)|^packages|^dev-packages/.test(name) && isForeignRequirement(name, value));

const QUOTED = /^["']([A-Za-z0-9][^"']*)["']\s{0,20},?\s{0,20}(?:#.*)?$/;

/** Pairs, and texts that stand alone, as in a list of requirements. */
export const pythonFragments = (lines: readonly string[]): Entries =>
  entries([
    ...tomlFragments(lines),
    ...lines.flatMap((line): [string, string][] => {
      const text = QUOTED.exec(line.trim())?.[1];
      return text === undefined ? [] : [requirement(text)];
    }),
  ]);
