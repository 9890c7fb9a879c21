// Dependencies that do not come from a registry: git, URLs, folders. Nobody has scanned them, and they can change unseen.
import { matcher } from "../glob.ts";
import { changesOf } from "../manifests/entries.ts";
import { MANIFESTS, type ManifestKind } from "../manifests/kinds.ts";
import { basename } from "../path-forms.ts";
import { asOfKind, isUnseen, type ProposedFile } from "../proposal.ts";
import { type Finding, quote, type Rule } from "../rule.ts";

/** By manifest: what an added line looks like when it leaves the registry, where the file is not read as a whole. */
const LINES = [
  {
    files: ["**/{,*}requirements*.{txt,in}", "**/constraints*.txt", "**/requirements/*.{txt,in}"],
    line: /^\s*(?:-e\b|--editable|(?:git|hg|svn|bzr)\+|https?:|file:|-i\b|--index-url|--extra-index-url|-f\b|--find-links|--trusted-host|\.{0,2}\/)|\s@\s{0,50}(?:git\+|https?:|file:|ssh:)/i,
  },
  {
    files: ["**/pyproject.toml", "**/pipfile"],
    line: /\b(?:git|hg|svn)["']?\s{0,50}=\s{0,50}["']|\s@\s{0,50}(?:git\+|https?:|file:|ssh:)|\[\[(?:tool\.(?:poetry|uv|pdm)\.)?(?:source|index)\]\]|\bindex-url\b|\bfind-links\b/i,
  },
  {
    files: ["**/cargo.toml"],
    line: /\bgit["']?\s{0,50}=\s{0,50}["']|\bregistry(?:-index)?["']?\s{0,50}=\s{0,50}["']|^\s*\[(?:patch|replace)\b/i,
  },
  { files: ["**/go.mod", "**/go.work"], line: /^\s*replace\b|=>/ },
  {
    files: ["**/gemfile", "**/gems.rb", "**/*.gemspec"],
    line: /\b(?:git|github|gist|bitbucket)\b\s{0,50}(?::|=>)|^\s*(?:git|github|git_source)\b|^\s*source\s{1,50}["'(](?!https:\/\/rubygems\.org)/,
  },
  { files: ["**/composer.json"], line: /"(?:repositories|vcs|git|github|path|artifact)"/i },
  { files: ["**/pubspec{,_overrides}.yaml"], line: /^\s*(?:git|path|hosted)\s*:/ },
  { files: ["**/mix.exs"], line: /\b(?:git|github|path|url|repo)\s{0,50}:/ },
  { files: ["**/rebar.config"], line: /\{\s{0,20}(?:git|git_subdir|hg|path)\s{0,20},|\brepos\b/ },
  {
    files: ["**/pixi.toml"],
    line: /\b(?:git|url|index-url|extra-index-urls|find-links)["']?\s{0,50}=|^\s*["']https?:|\bchannels["']?\s{0,50}=(?!\s{0,50}\["(?:conda-forge|bioconda)"(?:, {0,5}"(?:conda-forge|bioconda)")?\])/,
  },
  {
    files: ["**/*.sbt", "**/build.sc", "**/build.mill"],
    line: /\b(?:resolvers|externalResolvers)\b|\bfrom\s{1,50}"https?:/,
  },
  {
    files: ["**/paket.dependencies"],
    line: /^\s*(?:git|github|gist|http|source\s{1,50}(?!https:\/\/api\.nuget\.org\/))\b/i,
  },
  {
    files: ["**/vcpkg{,-configuration}.json"],
    line: /"(?:registries|overlay-ports|overlay-triplets)"|"kind"\s{0,20}:\s{0,20}"(?:git|filesystem|artifact)"/,
  },
  { files: ["**/*.opam"], line: /\bpin-depends\b|\bgit\+/ },
  {
    files: ["**/module.bazel", "**/workspace{,.bazel}", "**/*.bzl"],
    line: /\b(?:git_override|archive_override|local_path_override|http_archive|http_file|http_jar|(?:new_)?git_repository)\b/,
  },
  { files: ["**/package.swift"], line: /\.package\s{0,50}\(\s{0,50}(?:url|path)\s{0,50}:|\burl\s{0,50}:\s{0,50}"/ },
  { files: ["**/podfile", "**/*.podspec"], line: /:(?:git|path|podspec|http|svn|hg)\s{0,50}=>|^\s*source\s/ },
  { files: ["**/cartfile{,.private}"], line: /^\s*(?:git|binary)\b/ },
  { files: ["**/deno.json{,c}", "**/{import_map,importmap}.json"], line: /"(?:https?:|file:)/i },
  {
    files: ["**/pom.xml", "**/*.gradle{,.kts}"],
    line: /<(?:repository|pluginRepository|systemPath)>|\bmaven\s{0,50}(?:\{|\()|\bflatDir\b|\burl\s{0,50}[=(]?\s{0,50}["'(]/,
  },
  {
    files: ["**/*.{csproj,fsproj,vbproj,props,targets}"],
    line: /<(?:RestoreSources|RestoreAdditionalProjectSources)\b/i,
  },
  {
    files: ["**/stack.yaml", "**/cabal.project{,.local}"],
    line: /^\s*-?\s*(?:git|github|url|archive)\s*:|source-repository-package/,
  },
  { files: ["**/build.zig.zon"], line: /\.url\s{0,50}=/ },
  { files: ["**/chart.yaml"], line: /^\s*repository\s*:\s*["']?(?:file|git|http):/i },
  { files: ["**/environment.{yml,yaml}"], line: /\b(?:git|hg)\+|https?:|^\s*-\s*-e\b/i },
  { files: ["**/description"], line: /^\s*Remotes\s*:/i },
].map(({ files, line }) => ({ isMeant: matcher(files), line }));

const UNSEEN = "This manifest comes from elsewhere, and the diff does not show what is in it.";

const inManifest = (file: ProposedFile, kind: ManifestKind): Finding[] => {
  const { path } = file;
  if (isUnseen(file)) return [{ path, line: null, message: UNSEEN }];
  return changesOf(file, kind.read, kind.fragments.sources).entries.flatMap(({ name, now, line }) => {
    if (now === null || !kind.isForeign(name, now, path)) return [];
    return [{ path, line, message: `${quote(name)} would not come from a registry but from ${quote(now)}.` }];
  });
};

const inLines = ({ path, added }: ProposedFile, pattern: RegExp): Finding[] =>
  added
    .filter(({ text }) => pattern.test(text))
    .map(({ number }) => ({
      path,
      line: number,
      message: `In ${quote(basename(path))}, this line names a source that is not the registry.`,
    }));

/** A line is reported once: by what it names where that is known. */
const inFile = (file: ProposedFile): Finding[] => {
  const read = MANIFESTS.flatMap((kind) => {
    const seen = asOfKind(file, kind.isMeant);
    return seen === null ? [] : inManifest(seen, kind);
  });
  const known = new Set(read.map(({ line }) => line));
  const lines = LINES.flatMap(({ isMeant, line }) => {
    const seen = asOfKind(file, (path) => isMeant(path) !== null);
    return seen === null ? [] : inLines(seen, line);
  });
  return [...read, ...lines.filter(({ line }) => !known.has(line))];
};

export const dependencySources: Rule = ({ files }) => files.flatMap(inFile);
