// Files that hold secrets by their nature are in no prompt; files that only speak of secrets are.
import { expect, test } from "vitest";
import { neverSend } from "../../src/context/never-send.ts";

const forbidden = neverSend();

test.each([
  ".env",
  "a/.ENV",
  ".env.local",
  "config/production.env",
  ".envrc",
  "terraform.tfvars",
  "infra/prod.auto.tfvars.json",
  "terraform.tfstate",
  "terraform.tfstate.1700000000.backup",
  ".docker/config.json",
  "home/.dockercfg",
  "service-account.json",
  "deploy/gcp_service_account_key.json",
  "shop-firebase-adminsdk-x1.json",
  "id_ed25519",
  "keys/deploy_rsa",
  "AuthKey_1.p8",
  "putty.ppk",
  "http.keytab",
  "kubeconfig",
  "ops/prod.kubeconfig",
  ".vault_pass.txt",
  "credentials",
  "config/secrets.prod.yaml",
  ".s3cfg",
  ".boto",
  "local.settings.json",
])("%s is never sent", (path) => {
  expect(forbidden(path)).toBe(true);
});

test.each([
  "src/env.ts",
  "src/credentials.ts",
  "docs/secrets.md",
  "src/secrets/store.ts",
  "environment.yml",
  "src/rsa.c",
])("%s may be sent", (path) => {
  expect(forbidden(path)).toBe(false);
});

test.each<[string, string]>([
  ["private/**", "private/a.txt"],
  ["private", "private/deep/a.txt"],
  ["private/", "private/a.txt"],
  ["customers/*.csv", "customers/eu.CSV"],
  ["x", "a".repeat(1_001)],
])("by %j of a configuration keeps %s", (glob, path) => expect(neverSend([glob])(path)).toBe(true));

test("names that only look like those are kept too", () => expect(forbidden("config/.\u0435nv")).toBe(true));

test("a bracket is meant as it stands", () => expect(neverSend(["app/[id]/x.ts"])("app/i/x.ts")).toBe(false));
