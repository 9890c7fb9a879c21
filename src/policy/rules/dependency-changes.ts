// Dependencies that come, go or change, each named with its old and new version.
import { matcher } from "../glob.ts";
import { changesOf, type EntryChange } from "../manifests/entries.ts";
import { MANIFESTS, type ManifestKind } from "../manifests/kinds.ts";
import { asOfKind, isUnseen, type ProposedFile, pathsOf } from "../proposal.ts";
import { type Finding, quote, type Rule } from "../rule.ts";

/** Manifests whose dependencies are not read: that they changed is all that is said. */
export const OTHER_MANIFESTS = [
  "**/environment.{yml,yaml}",
  "**/pom.xml",
  "**/build.gradle{,.kts}",
  "**/settings.gradle{,.kts}",
  "**/libs.versions.toml",
  "**/gradle.lockfile",
  "**/build.sbt",
  "**/project/{plugins.sbt,build.properties}",
  "**/*.{csproj,fsproj,vbproj}",
  "**/packages.config",
  "**/directory.{packages,build}.{props,targets}",
  "**/package.swift",
  "**/podfile",
  "**/cartfile{,.private}",
  "**/pubspec{,_overrides}.yaml",
  "**/mix.exs",
  "**/rebar.config",
  "**/gleam.toml",
  "**/deno.json{,c}",
  "**/{import_map,importmap}.json",
  "**/jsr.json",
  "**/bower.json",
  "**/elm.json",
  "**/package.{yaml,json5}",
  "**/{project.clj,deps.edn,shadow-cljs.edn,build.boot}",
  "**/*.{cabal,opam,nimble,rockspec,podspec}",
  "**/stack.yaml",
  "**/cabal.project{,.local}",
  "**/dune-project",
  "**/{project,manifest}.toml",
  "**/description",
  "**/renv.lock",
  "**/cpanfile",
  "**/conanfile.{txt,py}",
  "**/vcpkg{,-configuration}.json",
  "**/build.zig.zon",
  "**/v.mod",
  "**/chart.yaml",
  "**/requirements.{yml,yaml}",
  "**/galaxy.yml",
  "**/flake.nix",
  "**/brewfile",
  "**/pixi.toml",
  "**/{setup,environment}.cfg",
];
const isOther = matcher(OTHER_MANIFESTS);

const alias = (value: string): string =>
  /^npm:(?=.)/i.test(value) ? ", which is another package than the name says" : "";

const sentence = ({ name, old, now }: EntryChange): string => {
  if (now === null) return `${quote(name)} is removed; it was ${quote(old ?? "")}.`;
  if (old === null) return `${quote(name)} is added: ${quote(now)}${alias(now)}.`;
  return `${quote(name)} changes from ${quote(old)} to ${quote(now)}${alias(now)}.`;
};

const PROGRAM = "This file is a program, which may name more than the lines that are read here.";
const PARTLY = "The whole file is not known, and some changed lines cannot be read by themselves.";

const inManifest = (file: ProposedFile, kind: ManifestKind): Finding[] => {
  const { path } = file;
  const { entries, whole } = changesOf(file, kind.read, kind.fragments.dependencies);
  const changed = [...file.added, ...file.removed];
  const unread = changed.find(({ text }) => !kind.isRead(text));
  const partly = isUnseen(file) || (unread !== undefined && (kind.isProgram || !whole));
  return [
    ...entries.map((change) => ({ path, line: change.line, message: sentence(change) })),
    ...(partly ? [{ path, line: null, message: kind.isProgram ? PROGRAM : PARTLY }] : []),
  ];
};

export const dependencyChanges: Rule = ({ files }) =>
  files.flatMap((file): Finding[] => {
    const found = MANIFESTS.flatMap((kind) => {
      const seen = asOfKind(file, kind.isMeant);
      return seen === null ? [] : inManifest(seen, kind);
    });
    const other = pathsOf(file).find((path) => isOther(path) !== null);
    if (other === undefined) return found;
    const message = "This file names dependencies, which are not read one by one here.";
    return [...found, { path: other, line: null, message }];
  });
