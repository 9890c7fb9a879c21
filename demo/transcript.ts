// What people see on the thread, printed as it happens: comments, edits, reactions, labels, checks, pull requests.
import type { LocalGitHub } from "./github/local-github.ts";
import type { RepositoryView } from "./github/look.ts";

export type Transcript = Readonly<{
  /** A line of the narrator: what a person does next, and why. */
  narrate: (text: string) => void;
  /** Shows that something runs, until the returned function is called. */
  waitFor: (what: string) => () => void;
  close: () => void;
}>;

export type TranscriptOptions = Readonly<{
  github: LocalGitHub;
  repositories: readonly string[];
  write: (text: string) => void;
  /** Whether a line can be written over, as on a terminal. */
  canRewrite: boolean;
}>;

const TICK_MS = 200;
const SAY_AFTER_MS = 1_000;
const FOLDED_LINES = 60;

const MARKER = /<!--[\s\S]*?-->/g;
const FOLD = /<details>\s*<summary>([\s\S]*?)<\/summary>([\s\S]*?)<\/details>/g;
const TAGS = /<\/?(?:code|b|i|sub|sup|br)\s*\/?>/g;

/** A comment as it reads on the page: markers gone, folds shut but for diffs, which people open. */
export const readable = (body: string): string =>
  body
    .replace(MARKER, "")
    .replace(FOLD, (_, summary: string, inside: string) => {
      const lines = inside.trim().split("\n");
      const title = summary.replace(TAGS, "").trim();
      if (!inside.includes("```diff") || lines.length > FOLDED_LINES) return `[+] ${title} (folded)`;
      return `[-] ${title}\n${lines.join("\n")}`;
    })
    .replace(/\n{3,}/g, "\n\n")
    .trim();

const firstLine = (body: string): string => readable(body).split("\n")[0] ?? "";

const boxed = (text: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? "       │" : `       │ ${line}`))
    .join("\n");

const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** What was shown already, by what names it. */
type Seen = Map<string, string>;

/** True the first time that `key` has this value. */
const isNew = (seen: Seen, key: string, value: string): boolean => {
  if (seen.get(key) === value) return false;
  seen.set(key, value);
  return true;
};

type Lines = (text: string) => void;
type Comments = ReturnType<RepositoryView["comments"]>;

const showComment = (comment: Comments[number], where: string, seen: Seen, print: Lines): void => {
  const key = `comment ${comment.id}`;
  const who = comment.user.login;
  if (!seen.has(key)) {
    const [first] = comment.versions;
    print(`${who} commented on ${where}\n${boxed(readable(first?.body ?? comment.body))}`);
    seen.set(key, firstLine(first?.body ?? comment.body));
  }
  // What a person changed is shown whole; of the app's many edits, the headline tells what became of its comment.
  const headline = firstLine(comment.body);
  const editor = comment.versions.at(-1)?.by ?? who;
  const isEdited = isNew(seen, `${key} versions`, String(comment.versions.length)) && comment.versions.length > 1;
  const isHeadlineNew = isNew(seen, key, headline);
  if (isEdited && (isHeadlineNew || comment.user.type === "User")) {
    const text = comment.user.type === "User" ? readable(comment.body) : headline;
    print(`${editor} edited ${editor === who ? "a" : `${who}'s`} comment on ${where}\n${boxed(text)}`);
  }
  if (comment.minimized !== null && isNew(seen, `${key} folded`, comment.minimized))
    print(`A comment is folded as ${comment.minimized}: ${firstLine(comment.body)}`);
  for (const { login, content } of comment.reactedBy)
    if (isNew(seen, `${key} ${login} ${content}`, content))
      print(`${login} reacted with ${content} to "${firstLine(comment.body)}" by ${who}`);
};

const showIssues = (view: RepositoryView, repository: string, seen: Seen, print: Lines): void => {
  for (const issue of view.issues()) {
    const where = `${repository}#${issue.number}`;
    const key = `issue ${where}`;
    if (!seen.has(key)) {
      const what = "pull_request" in issue ? "pull request" : "issue";
      print(`${issue.user.login} opened ${what} ${where}: ${issue.title}\n${boxed(readable(issue.body ?? ""))}`);
      seen.set(key, issue.state);
    }
    const labels = issue.labels.map(({ name }) => name).join(", ");
    if (isNew(seen, `${key} labels`, labels) && (labels !== "" || seen.has(`${key} labeled`))) {
      seen.set(`${key} labeled`, "");
      print(`Labels of ${where}: ${labels === "" ? "none" : labels}`);
    }
    for (const { login, content } of view.reactions(issue.number))
      if (isNew(seen, `${key} ${login} ${content}`, content)) print(`${login} reacted with ${content} to ${where}`);
    for (const comment of view.comments(issue.number)) showComment(comment, where, seen, print);
    if (isNew(seen, key, issue.state)) print(`${where} is ${issue.state}`);
  }
};

const showChecks = (view: RepositoryView, repository: string, seen: Seen, print: Lines): void => {
  for (const run of view.checkRuns()) {
    const state = run.conclusion ?? run.status.replace("_", " ");
    if (!isNew(seen, `run ${run.id}`, `${state} ${run.output.title ?? ""}`)) continue;
    const buttons = run.actions.length === 0 ? "" : ` [${run.actions.map(({ label }) => label).join("] [")}]`;
    const title = run.output.title === null ? "" : ` (${run.output.title})`;
    const where = repository === "" ? "" : `${repository} `;
    print(`Check "${run.name}" on ${where}${run.head_sha.slice(0, 7)}: ${state}${title}${buttons}`);
  }
};

export const startTranscript = (options: TranscriptOptions): Transcript => {
  const started = Date.now();
  const seen: Seen = new Map();
  // An empty line stands between the narrator and what he tells of, never two.
  let lastWasNarrator = false;
  let waiting: { what: string; since: number; said: boolean } | null = null;

  const clearLine = (): void => {
    if (options.canRewrite && waiting?.said === true) options.write("\r\u001b[K");
  };
  const print = (text: string): void => {
    clearLine();
    lastWasNarrator = false;
    options.write(`${clock(Date.now() - started).padStart(5)}  ${text}\n`);
  };
  const tick = (): void => {
    if (waiting === null) return;
    const lasted = Date.now() - waiting.since;
    if (lasted < SAY_AFTER_MS) return;
    if (options.canRewrite) options.write(`\r\u001b[K       … ${waiting.what}, ${clock(lasted)}`);
    else if (!waiting.said) options.write(`       … ${waiting.what}\n`);
    waiting.said = true;
  };
  const views = options.repositories.map((name) => ({ name, view: options.github.repo(name) }));
  const show = (): void => {
    for (const { name, view } of views) {
      // Numbers alone say where something is as long as there is one repository.
      const where = views.length === 1 ? "" : name;
      showIssues(view, where, seen, print);
      showChecks(view, where, seen, print);
    }
  };
  const timer = setInterval(tick, TICK_MS);
  const stopListening = options.github.onChange(show);

  return {
    narrate: (text) => {
      show();
      clearLine();
      options.write(`${lastWasNarrator ? "" : "\n"}       ${text}\n\n`);
      lastWasNarrator = true;
    },
    waitFor: (what) => {
      const mine = { what, since: Date.now(), said: false };
      waiting = mine;
      return () => {
        clearLine();
        if (waiting === mine) waiting = null;
      };
    },
    close: () => {
      show();
      clearLine();
      clearInterval(timer);
      stopListening();
    },
  };
};
