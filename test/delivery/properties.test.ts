// What holds in every story, however it goes.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference } from "../../src/delivery/account.ts";
import { codeOf } from "../../src/delivery/code.ts";
import { Delivery, isTerminal, PHASES } from "../../src/delivery/delivery.ts";
import { type Effect, WORKS } from "../../src/delivery/effect.ts";
import { outcomeOf } from "../../src/delivery/outcome.ts";
import { replay } from "../../src/delivery/replay.ts";
import { subjectsIn } from "../../src/delivery/subjects.ts";
import { workOf } from "../../src/delivery/work.ts";
import type { Digest, UserId } from "../../src/ids.ts";
import { runs } from "../support/runs.ts";
import { stories, type Told } from "./random-story.ts";

const inEveryStory = (holds: (story: readonly Told[]) => void): void =>
  fc.assert(fc.property(stories, holds), runs(60));

const inEveryStep = (holds: (told: Told) => void): void => inEveryStory((story) => story.forEach(holds));

const ofKind = <K extends Effect["kind"]>(effects: readonly Effect[], kind: K): Extract<Effect, { kind: K }>[] =>
  effects.filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);

/** The table `approvals`, as the shell keeps it: by the effects alone, knowing nothing of states. */
class Books {
  readonly live = new Map<Digest, Set<UserId>>();
  readonly written = new Set<Digest>();

  keep(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "void_approvals") for (const { digest } of effect.subjects) this.live.delete(digest);
      if (effect.kind === "record_approval") {
        const { digest } = effect.subject;
        this.live.set(digest, new Set([...(this.live.get(digest) ?? []), effect.person]));
      }
    }
  }

  of(digest: Digest): UserId[] {
    return [...(this.live.get(digest) ?? [])].sort();
  }
}

describe("the stories", () => {
  it("come everywhere: else the properties below would say nothing", () => {
    const seen = new Set<string>();
    for (const { before, step } of fc.sample(stories, { numRuns: 300, seed: 8 }).flat()) {
      seen.add(before.phase).add(step.kind);
      for (const effect of step.effects) seen.add(effect.kind === "work" ? effect.work : effect.kind);
      if (before.holds.length > 0) seen.add("held");
    }
    const wanted = [
      ...PHASES,
      // A rollback begins elsewhere; every state of it is walked in liveness.test.ts.
      ...WORKS.filter((work) => work !== "revert"),
      "moved",
      "noted",
      "refused",
      "stale",
      "held",
      "void_approvals",
      "start_rollback",
    ];
    expect(wanted.filter((each) => !seen.has(each))).toEqual([]);
  });
});

describe("in every story", () => {
  it("an approval is of what was shown to the person, or of what the person quoted", () => {
    inEveryStep(({ before, recorded: { event, actor }, step }) => {
      for (const { subject: ref, person, origin } of ofKind(step.effects, "record_approval")) {
        if (event.type !== "command" || event.ask.name !== "approve") throw new Error("only approvals approve");
        const subject = subjectsIn(before).find((each) => each.ref.digest === ref.digest)?.subject;
        const shown = subject?.shown ?? null;
        const newer =
          origin.kind === "comment" &&
          shown !== null &&
          origin.writtenAt >= shown.at &&
          origin.commentId > shown.commentId &&
          !event.ask.codeRequired;
        expect(newer || event.ask.code === codeOf(ref.digest)).toBe(true);
        expect(subject?.approvals).not.toContain(person);
        expect(actor).toMatchObject({ kind: "human", id: person });
        // Nobody can lift a hold after the end, and a countersignature there starts nothing that it could stop.
        if (!isTerminal(before)) expect(before.holds).toEqual([]);
        else expect(ref.kind).toBe("head");
      }
    });
  });

  it("nothing is written or shipped without live approvals of exactly that, by the books", () => {
    inEveryStory((story) => {
      const books = new Books();
      for (const { before, step } of story) {
        books.keep(step.effects);
        const now = step.kind === "moved" ? step.next : before;
        for (const { work } of ofKind(step.effects, "work")) {
          const due =
            work === "write"
              ? now.targets.flatMap(({ patchSet }) => (patchSet === null || patchSet.written ? [] : [patchSet]))
              : work === "ship" && now.ship !== null
                ? [now.ship]
                : [];
          if (work === "write" || work === "ship") expect(due).not.toEqual([]);
          for (const subject of due) {
            expect(subject.approved).toBe(true);
            expect(books.of(subject.digest)).not.toEqual([]);
          }
        }
      }
    });
  });

  it("the books and the state agree on who approved what stands", () => {
    inEveryStory((story) => {
      const books = new Books();
      for (const { before, step } of story) {
        books.keep(step.effects);
        const now = step.kind === "moved" ? step.next : before;
        for (const { subject } of subjectsIn(now))
          expect(books.of(subject.digest)).toEqual([...subject.approvals].sort());
        // Nothing that was replaced keeps an approval, but for what stands in a repository or was shipped by it.
        for (const { digest } of now.retired) if (!books.written.has(digest)) expect(books.of(digest)).toEqual([]);
        for (const { subject, used } of subjectsIn(now)) if (used) books.written.add(subject.digest);
      }
    });
  });

  it("an approval is lost only by what is replaced, or must be shown again; all others stay", () => {
    inEveryStep(({ before, step }) => {
      if (step.kind !== "moved") return;
      const after = new Map(subjectsIn(step.next).map(({ subject }) => [subject.digest, subject]));
      const voided = ofKind(step.effects, "void_approvals").flatMap(({ subjects }) =>
        subjects.map(({ digest }) => digest),
      );
      for (const { subject, used } of subjectsIn(before)) {
        const now = after.get(subject.digest);
        const kept = subject.approvals.every((person) => now?.approvals.includes(person) === true);
        if (kept) expect(voided).not.toContain(subject.digest);
        else if (!used) expect(voided).toContain(subject.digest);
      }
    });
  });

  it("a gate is open only when all of it is shown", () => {
    inEveryStep(({ step }) => {
      if (step.kind !== "moved" || step.next.runStatus !== "succeeded") return;
      const { phase, plan, targets, ship } = step.next;
      if (phase === "close") return;
      const patchSets = targets.flatMap(({ patchSet }) => patchSet ?? []);
      const shown = phase === "plan" ? [plan] : phase === "review" ? patchSets : [ship];
      expect(["plan", "review", "deploy"]).toContain(phase);
      expect(shown).not.toEqual([]);
      for (const subject of shown) expect(subject?.shown ?? null).not.toBeNull();
    });
  });

  it("a terminal state is never left", () => {
    inEveryStep(({ before, step }) => {
      if (!isTerminal(before)) return;
      expect(ofKind(step.effects, "work")).toEqual([]);
      if (step.kind !== "moved") return;
      expect([step.next.phase, step.next.runStatus]).toEqual([before.phase, before.runStatus]);
    });
  });

  it("a refusal changes nothing and says so once; every command has one answer", () => {
    inEveryStep(({ recorded, step }) => {
      if (step.kind === "refused") expect(step.effects.map(({ kind }) => kind)).toEqual(["answer"]);
      const isCommand = recorded.event.type === "command";
      expect(ofKind(step.effects, "answer")).toHaveLength(isCommand ? 1 : 0);
      for (const { refusal } of ofKind(step.effects, "answer")) expect(refusal !== null).toBe(step.kind === "refused");
      if (isCommand) expect(step.kind).not.toBe("stale");
    });
  });

  it("a change adds one to the version, at most one to the attempt, and really changes something", () => {
    inEveryStep(({ before, step }) => {
      if (step.kind !== "moved") return;
      const { next } = step;
      expect(next.version).toBe(before.version + 1);
      expect([before.attempt, before.attempt + 1]).toContain(next.attempt);
      expect(Object.keys(difference(before, next).after).length).toBeGreaterThan(1);
      expect(Delivery.parse(next)).toEqual(next);
    });
  });

  it("counters never grow, and targets neither come nor go", () => {
    inEveryStep(({ before, step }) => {
      if (step.kind !== "moved") return;
      for (const counter of ["revisionsLeft", "fixesLeft", "restartsLeft"] as const) {
        expect(step.next[counter]).toBeLessThanOrEqual(before[counter]);
      }
      expect(step.next.targets.map(({ repoId }) => repoId)).toEqual(before.targets.map(({ repoId }) => repoId));
    });
  });

  it("work starts when an attempt does, or when the last hold goes, and is that of the state", () => {
    inEveryStep(({ before, step }) => {
      const started = ofKind(step.effects, "work");
      if (step.kind !== "moved") return expect(started).toEqual([]);
      const { next } = step;
      const woken = before.holds.length > 0 && next.holds.length === 0;
      const due = next.attempt !== before.attempt || woken ? workOf(next) : null;
      expect(started).toEqual(due === null ? [] : [{ kind: "work", work: due, attempt: next.attempt }]);
    });
  });

  it("nothing is drawn or started while a hold stands, but that it stands", () => {
    inEveryStep(({ before, step }) => {
      const next = step.kind === "moved" ? step.next : before;
      if (next.holds.length === 0) return;
      expect(ofKind(step.effects, "work")).toEqual([]);
      const isNews = next.holds.length !== before.holds.length || isTerminal(next);
      if (!isNews) expect(ofKind(step.effects, "publish")).toEqual([]);
    });
  });

  it("there is a reason exactly where something failed, is blocked or ended early", () => {
    inEveryStep(({ step }) => {
      if (step.kind !== "moved") return;
      const { phase, runStatus, reason } = step.next;
      if (phase === "close" && runStatus === "succeeded") return;
      expect(reason !== null).toBe(["failed", "blocked", "canceled"].includes(runStatus));
      expect(outcomeOf(step.next) !== null).toBe(reason !== null);
    });
  });

  it("the differences in the ledger give the state back", () => {
    inEveryStory((story) => {
      const [first] = story;
      if (first === undefined) return;
      const changes = story.map(({ before, step }) =>
        step.kind === "moved" ? difference(before, step.next) : { before: null, after: null },
      );
      const last = story.reduce((d, { step }) => (step.kind === "moved" ? step.next : d), first.before);
      const stored: unknown = JSON.parse(JSON.stringify([{ before: null, after: first.before }, ...changes]));
      if (!Array.isArray(stored)) throw new Error("a list was stored");
      expect(replay(stored)).toEqual({ ok: true, value: last });
    });
  });
});
