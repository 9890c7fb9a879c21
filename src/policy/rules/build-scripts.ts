// Files that run when something is built, tested or packed: ordinary work, but to be read with care.
import { readComposerScripts } from "../manifests/composer.ts";
import { changesOf, type Entries, entries, lastOf, type Reader } from "../manifests/entries.ts";
import { jsonPairs } from "../manifests/json.ts";
import { readScripts } from "../manifests/package-json.ts";
import { basename } from "../path-forms.ts";
import { listed } from "../path-list.ts";
import { asOfKind, type ProposedFile } from "../proposal.ts";
import { type Finding, quote, type Rule } from "../rule.ts";
import { isOnInstall } from "./install-scripts.ts";

export const BUILD_FILES = [
  "**/{,*.}dockerfile{,.*}",
  "**/{,*.}containerfile{,.*}",
  "**/.dockerignore",
  "**/{,docker-}compose{,.*}.{yml,yaml}",
  "**/{,gnu}makefile{,.*}",
  "**/*.{mk,make,cmake}",
  "**/cmakelists.txt",
  "**/configure{,.ac,.in}",
  "**/meson.build",
  "**/{,.}justfile",
  "**/taskfile.{yml,yaml}",
  "**/magefile.go",
  "**/rakefile",
  "**/gruntfile.*",
  "**/gulpfile.*",
  "**/{earthfile,tiltfile,guardfile,capfile,thorfile,brewfile,wscript,sconstruct,sconscript,jamfile,jamroot,buck}",
  "**/{xmake,premake5,conandata}.{lua,yml}",
  "**/{pants,dune}.toml",
  "**/.plzconfig*",
  "**/build.{mill,sc,clj,boot,fsx,cake}",
  "**/{project.clj,deps.edn,shadow-cljs.edn}",
  "**/setup.hs",
  "**/mix.exs",
  "**/rebar.config{,.script}",
  "**/build.{js,cjs,mjs,ts,mts,py}",
  "**/{angular,project,workspace}.json",
  "**/{vue,remix,gatsby,snowpack,craco,ava,wxt,quasar,docusaurus,vitepress,eleventy,tsdown,unbuild,rolldown,farm,drizzle,knex,codegen,release}.config.*",
  "**/gatsby-{config,node,browser,ssr}.*",
  "**/vitest.workspace.*",
  "**/{wdio,protractor,karma,nightwatch}.conf.*",
  "**/{electron-builder,forge.config}.*",
  "**/.{parcelrc,swcrc}",
  "**/.{nycrc,c8rc,taprc}*",
  "**/{pytest.ini,.coveragerc,.rspec,.simplecov}",
  "**/phpunit.xml*",
  "**/debian/**",
  "**/*.{spec,install,nuspec}",
  "**/pkgbuild",
  "**/{pre,post}-{link,unlink}.*",
  "**/devbox.json",
  "**/ansible.cfg",
  "**/{webpack,rollup,vite,vitest,esbuild,tsup,rspack,metro,babel,postcss,tailwind,next,nuxt,svelte,astro,tauri}.config.*",
  "**/{jest,playwright,cypress,eslint,prettier,commitlint,stylelint,karma}.config*.*",
  "**/.{eslintrc,prettierrc,babelrc,mocharc,stylelintrc}.{js,cjs,mjs,ts}",
  "**/nx.json",
  "**/turbo.json",
  "**/lerna.json",
  "**/setup.{py,cfg}",
  "**/conftest.py",
  "**/noxfile.py",
  "**/tox.ini",
  "**/fabfile.py",
  "**/build.rs",
  "**/extconf.rb",
  "**/build.{gradle,sbt,zig,xml}",
  "**/*.gradle{,.kts}",
  "**/pom.xml",
  "**/build{,.bazel}",
  "**/workspace{,.bazel}",
  "**/module.bazel",
  "**/{,.}*bazelrc",
  "**/*.{bzl,targets,props}",
  "**/vagrantfile",
  "**/*.{tf,tfvars,hcl}",
  "**/*.nix",
  "**/package.swift",
  "**/*.podspec",
  "**/fastlane/**",
  "**/.goreleaser.{yml,yaml}",
  "**/*.{sh,bash,zsh,fish,ksh,ps1,psm1,psd1,bat,cmd,vbs,wsf}",
] as const;

const listedFiles = listed(BUILD_FILES, "This file runs when something is built, tested or deployed.");

type Scripts = Readonly<{ file: RegExp; read: Reader; fragments: (lines: readonly string[]) => Entries }>;

/** In one line of package.json, a script looks like any other text: what names a command is taken for one. */
const COMMANDS =
  /^(?:test|build|start|lint|dev|ci|check|format|compile|serve|deploy|release|clean|watch|bench|docs|e2e|typecheck|(?:pre|post)\w+|\w+:[\w:-]+)$/;

const MANIFESTS: readonly Scripts[] = [
  {
    file: /^package\.json$/i,
    read: readScripts,
    fragments: (lines) => entries(jsonPairs(lines).filter(([name]) => COMMANDS.test(name))),
  },
  {
    file: /^composer\.json$/i,
    read: readComposerScripts,
    fragments: (lines) => entries(jsonPairs(lines).filter(([name]) => COMMANDS.test(name))),
  },
];

const scriptsIn = (file: ProposedFile): Finding[] =>
  MANIFESTS.flatMap(({ file: name, read, fragments }) => {
    const seen = asOfKind(file, (path) => name.test(basename(path)));
    if (seen === null) return [];
    return changesOf(seen, read, fragments)
      .entries.filter((change) => change.now !== null && !isOnInstall(change.name))
      .map((change) => ({
        path: file.path,
        line: change.line,
        message: `The script ${quote(lastOf(change.name))} would run another command.`,
      }));
  });

export const buildScripts: Rule = async (proposal, settings) => [
  ...(await listedFiles(proposal, settings)),
  ...proposal.files.flatMap(scriptsIn),
];
