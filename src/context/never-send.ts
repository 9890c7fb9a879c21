// Files that hold secrets by their nature, and those that a configuration names: no model ever sees them, whatever an issue says.
import { coveringMatcher, matcher } from "../policy/glob.ts";

const DEFAULT_GLOBS = [
  "**/.env",
  "**/.env.*",
  "**/*.env",
  "**/.envrc",
  "**/*.{pem,key,p8,p12,pfx,ppk,jks,keystore,keytab,kdbx,asc,gpg}",
  "**/{id,*_id,deploy,*_deploy}_{rsa,dsa,ecdsa,ed25519}",
  "**/.{npmrc,netrc,pypirc,git-credentials,htpasswd,pgpass,s3cfg,boto,dockercfg,terraformrc}",
  "**/.vault_pass*",
  "**/.{aws,ssh,gnupg,kube,docker}/**",
  "**/{kubeconfig,*.kubeconfig}",
  "**/credentials",
  "**/{credentials,secrets,secret}{,.*}.{json,yml,yaml,toml,ini,txt}",
  "**/*{service-account,service_account,serviceaccount,firebase-adminsdk}*.json",
  "**/local.settings.json",
  "**/*.tfvars{,.json}",
  "**/*.tfstate{,.*}",
];

/** Longer ones are matched by nothing, so nothing could be said of them. */
const LONGEST_PATH = 1_000;

/** Says of a path whether it must stay out of every prompt. A glob that names a folder means all that is in it. */
export function neverSend(extraGlobs: readonly string[] = []): (path: string) => boolean {
  const byDefault = matcher(DEFAULT_GLOBS);
  const byConfiguration = coveringMatcher(extraGlobs);
  return (path) => path.length > LONGEST_PATH || byDefault(path) !== null || byConfiguration(path) !== null;
}
