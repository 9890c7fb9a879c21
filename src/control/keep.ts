// Keeps one repository's control issue: opens it once, finds it after a crash, and makes it say what is. One request where it changed.
import { eq } from "drizzle-orm";
import type { Limits } from "../agent/budget/amounts.ts";
import type { Ceiling } from "../config/ceiling.ts";
import { readConfig } from "../config/read.ts";
import type { Config } from "../config/schema.ts";
import { sources } from "../db/schema.ts";
import { GitHubError } from "../github/errors.ts";
import type { GitHub } from "../github/github.ts";
import type { OpenOwnIssues, OwnIssueText } from "../github/own-issues.ts";
import { type Digest, InstallationId, type IssueNumber, type RepoId } from "../ids.ts";
import { digestOf } from "../ledger/canonical.ts";
import type { PublishDeps } from "../thread/desk.ts";
import { claimSlot } from "../thread/limiter.ts";
import { carries, markerOf, withMarker } from "../thread/marker.ts";
import { controlBody, controlOffBody } from "../thread/render/control.ts";
import { COMMENT_LIMIT, within } from "../thread/render/layout.ts";
import { CONTROL_TITLE } from "../thread/words/control.ts";
import { type ControlPlace, loadControl } from "./load.ts";
import { type ControlIssue, controlIssueOf, forgetIssue, putWanted, receiveBody, receiveIssue } from "./rows.ts";

export type ControlDeps = Omit<PublishDeps, "github"> &
  Readonly<{
    github: Pick<GitHub, "reading"> & Readonly<{ ownIssues: OpenOwnIssues }>;
    ceiling: Ceiling;
    /** The operator's, of an installation and a UTC day. */
    dayLimits: Limits;
  }>;

/** `later`: the pace allows no new issue before so many seconds. */
export type Kept = "kept" | "not_wanted" | "unreachable" | Readonly<{ later: number }>;

const PATIENCE_SECONDS = 5;

/** Nobody can be told there, and nothing can be shown. */
const isClosedOff = (error: unknown): boolean =>
  error instanceof GitHubError && ["forbidden", "not_found", "unprocessable"].includes(error.code);

/** Throws GitHubError where trying again may help. */
export async function keepControlIssue(deps: ControlDeps, repoId: RepoId, signal: AbortSignal): Promise<Kept> {
  try {
    return await keep(deps, repoId, signal);
  } catch (error) {
    if (isClosedOff(error)) return "unreachable";
    throw error;
  }
}

type Today = Readonly<{ place: ControlPlace; config: Config | null }>;

async function readToday({ db, github, ceiling, crash }: ControlDeps, repoId: RepoId): Promise<Today | null> {
  const [source] = await db.sql.select().from(sources).where(eq(sources.repoId, repoId));
  if (source === undefined || !source.active) return null;
  const installationId = InstallationId.parse(source.installationId);
  await crash("control.before.read");
  const reading = await github.reading(installationId, [repoId]);
  const facts = await reading.repository(repoId);
  if (facts === null || facts.archived) return null;
  const config = await readConfig(reading, repoId, ceiling);
  if (config.kind === "gone") return null;
  const name = `${facts.owner}/${facts.name}`;
  return {
    place: { repoId, installationId, name, visibility: facts.visibility },
    config: config.kind === "config" ? config.config : null,
  };
}

async function keep(deps: ControlDeps, repoId: RepoId, signal: AbortSignal): Promise<Kept> {
  const { db, clock } = deps;
  const today = await readToday(deps, repoId);
  if (today === null) return "unreachable";
  const { place, config } = today;
  if (config !== null) {
    const wanted = config.control_issue ? "on" : "off";
    await db.transaction((tx) => putWanted(tx, repoId, wanted, clock()));
  }
  const row = await controlIssueOf(db.sql, repoId);
  // A file with mistakes in it leaves what was wanted before, and is no reason to draw by rules that nobody can read.
  if (row === null || config === null) return "not_wanted";
  if (row.wanted === "off" && row.issueNumber === null) return "not_wanted";
  const body =
    row.wanted === "off"
      ? controlOffBody(place.name, config.commands.prefix)
      : controlBody(await loadControl(db.sql, place, config, deps.dayLimits, clock()), deps.place);
  const marker = markerOf(deps.markerKey, "control", String(repoId));
  const text = { title: CONTROL_TITLE, body: within(COMMENT_LIMIT, withMarker(body, marker)) };
  return draw({ deps, place, signal, marker, text, state: row.wanted === "on" ? "open" : "closed" }, row);
}

type Drawing = Readonly<{
  deps: ControlDeps;
  place: ControlPlace;
  signal: AbortSignal;
  marker: string;
  text: OwnIssueText;
  state: "open" | "closed";
}>;

const hashOf = ({ text, state }: Drawing): Digest => digestOf({ ...text, state });

async function draw(drawing: Drawing, row: ControlIssue): Promise<Kept> {
  const { deps, place, signal } = drawing;
  if (row.issueNumber !== null && row.bodyHash === hashOf(drawing)) return "kept";
  const number = row.issueNumber ?? (await findOrOpen(drawing));
  if (number === "opened") return "kept";
  if (typeof number === "object") return number;
  await deps.db.transaction((tx) => receiveBody(tx, place.repoId, null, deps.clock()));
  const door = await deps.github.ownIssues(place.installationId, [place.repoId], signal);
  await deps.crash("control.before.set_issue");
  signal.throwIfAborted();
  const set = await door.setIssue(place.repoId, number, { ...drawing.text, state: drawing.state });
  await deps.crash("control.after.set_issue");
  if (set === null) return openAnother(drawing, number);
  await deps.db.transaction((tx) => receiveBody(tx, place.repoId, hashOf(drawing), deps.clock()));
  return "kept";
}

/** It was deleted. Where it is not wanted, that is that. */
async function openAnother(drawing: Drawing, gone: IssueNumber): Promise<Kept> {
  const { deps, place, state } = drawing;
  await deps.db.transaction((tx) => forgetIssue(tx, place.repoId, gone));
  if (state === "closed") return "kept";
  const opened = await findOrOpen(drawing);
  return typeof opened === "object" ? opened : "kept";
}

/** The number of one that an earlier run opened; `opened` where this one did. */
async function findOrOpen(drawing: Drawing): Promise<IssueNumber | "opened" | Readonly<{ later: number }>> {
  const { deps, place, signal, marker, text } = drawing;
  const { repoId, installationId } = place;
  const door = await deps.github.ownIssues(installationId, [repoId], signal);
  await deps.crash("control.before.find_issue");
  const { items, complete } = await door.findIssues(repoId, marker);
  const found = items.filter(({ body }) => carries(body, marker)).toSorted((a, b) => a.number - b.number)[0];
  if (found !== undefined) {
    const there = { number: found.number, id: found.id, bodyHash: null, at: deps.clock() };
    await deps.db.transaction((tx) => receiveIssue(tx, repoId, there));
    return found.number;
  }
  if (!complete)
    throw new Error("GitHub did not list all issues of the app, so its control issue cannot be looked for");
  const later = await slot(deps, installationId, signal);
  if (later !== null) return { later };
  await deps.crash("control.before.open_issue");
  signal.throwIfAborted();
  const { id, number } = await door.openIssue(repoId, text);
  await deps.crash("control.after.open_issue");
  await deps.db.transaction((tx) =>
    receiveIssue(tx, repoId, { number, id, bodyHash: hashOf(drawing), at: deps.clock() }),
  );
  return "opened";
}

/** Null when it may be opened now, else the seconds to wait in the queue. */
async function slot(deps: ControlDeps, installation: InstallationId, signal: AbortSignal): Promise<number | null> {
  if (deps.pace === "none") return null;
  const claimed = await deps.db.transaction((tx) => claimSlot(tx, installation, deps.clock(), PATIENCE_SECONDS));
  if (claimed.kind === "later") return Math.ceil(claimed.seconds);
  if (claimed.seconds > 0) await deps.sleep(claimed.seconds * 1000, signal);
  return null;
}
