// The files while edits are applied to them, one after the other; and in the end, what differs from the base.
import type { BaseFile } from "./base-file.ts";
import { lineChanges } from "./diff.ts";
import { blobSha } from "./git-objects.ts";
import type { FileChange, FileMode } from "./patch-set.ts";

/** A text file as it now is; `origin` is the path that it had in the base, null for a new one. */
type Held = Readonly<{ text: string; mode: FileMode; origin: string | null }>;

const ancestors = (path: string): string[] =>
  path
    .split("/")
    .slice(0, -1)
    .map((_, at, parts) => parts.slice(0, at + 1).join("/"));

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

export class Workspace {
  readonly #base: ReadonlyMap<string, BaseFile>;
  readonly #held = new Map<string, Held>();
  /** Every path of the base that is not held: what was not read, or cannot be edited. */
  readonly #others: ReadonlySet<string>;
  /** Folders of the base. They stay folders, even emptied: whether GitHub would let a file take their place is not known. */
  readonly #folders: ReadonlySet<string>;
  readonly #tasks = new Map<string, Set<string>>();

  constructor(base: ReadonlyMap<string, BaseFile>, tree: ReadonlySet<string>) {
    this.#base = base;
    for (const [path, file] of base) {
      if (file.kind === "text") this.#held.set(path, { text: file.text, mode: file.mode, origin: path });
    }
    const all = new Set([...tree, ...base.keys()]);
    this.#others = new Set([...all].filter((path) => !this.#held.has(path)));
    this.#folders = new Set([...all].flatMap(ancestors));
  }

  text(path: string): string | null {
    return this.#held.get(path)?.text ?? null;
  }

  exists(path: string): boolean {
    return this.#held.has(path) || this.#others.has(path);
  }

  /** Why no file can be at this path although none is: it is a folder, or a file is where a folder would have to be. */
  isTaken(path: string): boolean {
    const wasOrIsFile = (folder: string) => this.exists(folder) || this.#base.has(folder);
    return (
      this.#folders.has(path) ||
      ancestors(path).some(wasOrIsFile) ||
      [...this.#held.keys()].some((held) => held.startsWith(`${path}/`))
    );
  }

  write(path: string, text: string, task: string): void {
    const held = this.#held.get(path);
    // Edits do not speak of modes: a file that was there before keeps its own.
    const before = this.#base.get(path);
    const mode = held?.mode ?? (before?.kind === "text" ? before.mode : "100644");
    this.#held.set(path, { text, mode, origin: held?.origin ?? null });
    this.#serve(path, [task]);
  }

  move(path: string, to: string, task: string): void {
    const held = this.#held.get(path);
    if (held === undefined) throw new Error("only a held file can be moved");
    this.#held.delete(path);
    this.#held.set(to, held);
    this.#serve(to, [task, ...(this.#tasks.get(path) ?? [])]);
  }

  remove(path: string, task: string): void {
    this.#held.delete(path);
    this.#serve(path, [task]);
  }

  #serve(path: string, tasks: Iterable<string>): void {
    this.#tasks.set(path, new Set([...(this.#tasks.get(path) ?? []), ...tasks]));
  }

  /** The difference to the base, a change a file, in git's order. A path that was and is, is modified, however it got there. */
  changes(): FileChange[] {
    const found: FileChange[] = [];
    const renamedFrom = new Set<string>();
    for (const [path, held] of this.#held) {
      if (this.#base.has(path)) {
        const change = this.#change("modify", path, null, path, held);
        if (change.oldBlob !== change.newBlob || change.oldMode !== change.newMode) found.push(change);
      } else if (held.origin !== null && !this.#held.has(held.origin)) {
        renamedFrom.add(held.origin);
        found.push(this.#change("rename", path, held.origin, held.origin, held));
      } else found.push(this.#change("create", path, null, null, held));
    }
    for (const [path, file] of this.#base) {
      if (file.kind === "text" && !this.#held.has(path) && !renamedFrom.has(path)) {
        found.push(this.#change("delete", path, null, path, null));
      }
    }
    return found.sort((a, b) => byBytes(a.path, b.path));
  }

  #change(
    kind: FileChange["kind"],
    path: string,
    previousPath: string | null,
    basePath: string | null,
    held: Held | null,
  ): FileChange {
    const old = basePath === null ? undefined : this.#base.get(basePath);
    const before = old?.kind === "text" ? old : null;
    const { added, removed } = lineChanges(before?.text ?? "", held?.text ?? "");
    return {
      kind,
      path,
      previousPath,
      oldBlob: before?.blob ?? null,
      newBlob: held === null ? null : blobSha(held.text),
      oldMode: before?.mode ?? null,
      newMode: held?.mode ?? null,
      before: before?.text ?? null,
      after: held?.text ?? null,
      additions: added.length,
      deletions: removed.length,
      tasks: [...(this.#tasks.get(path) ?? [])].sort(),
    };
  }
}
