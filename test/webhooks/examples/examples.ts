// The payloads of @octokit/webhooks-examples, as GitHub sent them once, and what the App is sent of them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parse } from "yaml";
import { z } from "zod";
import type { Json } from "../samples.ts";
import * as sample from "../samples.ts";

const Payload = z.record(z.string(), z.unknown());
const Definitions = z.array(z.object({ name: z.string(), actions: z.array(z.string()), examples: z.array(Payload) }));

const require = createRequire(import.meta.url);
export const DEFINITIONS = Definitions.parse(require("@octokit/webhooks-examples"));

const Manifest = z.object({ default_events: z.array(z.string()) });
/** GitHub sends these to every App. */
const ALWAYS = ["installation", "installation_repositories"];
export const SENT: readonly string[] = [
  ...Manifest.parse(parse(readFileSync(new URL("../../../app.yml", import.meta.url), "utf8"))).default_events,
  ...ALWAYS,
];

export const NO_ACTION = "-";
export type Example = Readonly<{ event: string; action: string; payload: Json }>;

const actionOf = (payload: Json): string => (typeof payload["action"] === "string" ? payload["action"] : NO_ACTION);

/** To an App there is always an installation, which payloads that were taken from a repository's own hook lack. */
const toApp = (event: string, payload: Json): Json =>
  ALWAYS.includes(event) ? payload : { ...payload, installation: payload["installation"] ?? { id: 2, node_id: "x" } };

/** Every example of an event, and for each action without one another payload of the event under that action's name. */
export const examplesOf = (event: string): readonly Example[] => {
  const definition = DEFINITIONS.find(({ name }) => name === event);
  if (definition === undefined) return [];
  const given = definition.examples.map((payload) => ({
    event,
    action: actionOf(payload),
    payload: toApp(event, payload),
  }));
  const [first] = given;
  const missing = definition.actions.filter((action) => !given.some((one) => one.action === action));
  return [
    ...given,
    ...(first === undefined ? [] : missing.map((action) => ({ event, action, payload: { ...first.payload, action } }))),
  ];
};

export type Address = Readonly<{ issue: Readonly<{ id: number; number: number }>; pull: number; head: string }>;

const over = (value: unknown, change: Json): Json => ({ ...Payload.parse(value), ...change });

/** The same happening to a live delivery: to its repository, its issue, its pull request, its head. */
export const addressedTo = ({ issue, pull, head }: Address, payload: Json): Json => {
  const parts: Readonly<Record<string, (value: unknown) => Json>> = {
    installation: (value) => over(value, { id: sample.INSTALLATION }),
    repository: (value) => over(value, { id: sample.REPO, name: "shop", full_name: "acme/shop" }),
    sender: () => sample.mona,
    issue: (value) => over(value, issue),
    pull_request: (value) => over(value, { number: pull, head: { sha: head, ref: "countersign/d-1" } }),
    check_run: (value) => over(value, { head_sha: head }),
    check_suite: (value) => over(value, { head_sha: head }),
    workflow_run: (value) => over(value, { head_sha: head }),
    deployment: (value) => over(value, { sha: head }),
  };
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => [key, value == null ? value : (parts[key]?.(value) ?? value)]),
  );
};
