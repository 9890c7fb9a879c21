// Where Python tools say from which places packages come, rather than which packages: indexes, channels, mirrors, variables. Pure.
import { lastOf } from "./entries.ts";

/** Tables and values that are read for that alone. A `*` stands for every name. */
export const PLACES = [
  "tool poetry source",
  "tool uv sources",
  "tool uv index",
  "tool uv index-url",
  "tool uv extra-index-url",
  "tool uv find-links",
  "tool uv index-strategy",
  "tool uv allow-insecure-host",
  "tool uv python-install-mirror",
  "tool uv pypy-install-mirror",
  "tool uv python-downloads-json-url",
  "tool uv publish-url",
  "tool uv pip",
  "tool pdm source",
  "tool pixi",
  "source",
];

/** Environments that a tool runs installers in: of their variables those count that installers obey. */
export const ENVIRONMENTS = [
  "tool hatch envs * env-vars",
  "tool hatch envs * overrides",
  "tool cibuildwheel environment",
  "tool cibuildwheel * environment",
  "tool tox",
  "tool pdm scripts",
  "tool poe env",
  "tool poe tasks",
];

const INDEXES =
  /^(?:source|tool > (?:poetry > source|pdm > source|uv > (?:index|index-url|extra-index-url|find-links|index-strategy|allow-insecure-host|python-install-mirror|pypy-install-mirror|python-downloads-json-url|publish-url)))(?: > |$)/;

const SETTING =
  /^(?:index-urls?|extra-index-urls?|default-index|find-links|trusted-hosts?|allow-insecure-host|index-strategy|mirrors?)$/;

/** What installers read from their environment instead of a file. */
const VARIABLE =
  /\b(?:(?:PIP|UV|PDM|POETRY|PIPENV|PIXI|CONDA|MAMBA|NPM_CONFIG|YARN|CARGO|BUNDLE)_\w{0,60}(?:INDEX|LINKS|URL|HOST|MIRROR|REGISTR|REPOSITOR|CHANNEL|SOURCE|CONFIG)\w{0,60}|UV_INDEX|GOPROXY|GONOSUMDB|GONOSUMCHECK|GOFLAGS|GOINSECURE)\b/i;
/** The same said to an installer on its command line. */
const OPTION = /(?:^|\s)(?:--(?:extra-)?index(?:-url)?|--default-index|--find-links|--trusted-host)(?:[=\s]|$)/;

/** Channels to which not everybody can upload under a name of their own choice. */
const CHANNELS = new Set(["conda-forge", "bioconda", "defaults", "main", "nodefaults"]);
const isForeignChannel = (value: string): boolean =>
  value.split(",").some((channel) => !CHANNELS.has(channel.trim().toLowerCase()));

export const namesInstaller = (name: string, value: string): boolean =>
  VARIABLE.test(name) || VARIABLE.test(value) || OPTION.test(value);

/** Whether this says from where packages come, and that it is another place than a tool's own. */
export const isForeignPlace = (name: string, value: string): boolean => {
  if (/ > channels(?: > channel)?$/.test(name)) return isForeignChannel(value);
  return INDEXES.test(name) || SETTING.test(lastOf(name)) || / > (?:mirrors|s3-options)(?: > |$)/.test(name);
};
