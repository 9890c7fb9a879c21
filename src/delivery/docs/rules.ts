// The rules of the machine, by the numbers under which the code cites them: the part of docs/machine.md that no table can tell.

/** In Markdown. A rule that changes here changes in `src/delivery/`, and with it the tests that cite it. */
export const RULES = `## The rules

The code cites them by these numbers.

- **M0, holds.** Beside its phase and run status a delivery has a *reason*, where it failed or is blocked, and a set of *holds*: \`hold\`, \`freeze\`,
  \`issue_closed\`, \`unlabeled\`, \`suspended\`, \`archived\`, \`source_inactive\`. While the set is not empty, events are recorded, no work starts, the WriteGate
  refuses and deadlines stand still. When the last hold goes, the work of the state starts again.
- **M1, reject, revise, retry.** Reject goes back one phase and waits there. Revise makes a new version at once, with what was said, as often as
  \`max_revisions\` allows. Retry does the same again with the same inputs, where it failed, or where it was blocked and the cause is gone.
- **M2, a gate is open when all of it is shown.** Every part of it must have been seen on GitHub: its comment, what continues it, its check run. An approval counts
  when it was written after that, and for the version that was visible then or that its code names.
- **M3, the exit phase** says where a delivery ends: \`plan\`, \`review\`, \`verify\`, \`observe\` or \`close\`. It may be brought nearer until it is passed, and never put off.
- **M4, every write has a subject, a digest and an approval.** The digest covers all that will be written: base, paths, blobs, modes, the resulting tree, commit message,
  pull request text, branch, plan and policy version. To cancel takes nothing back: what exists on GitHub stays and is named.
- **M5, the last look.** Before its first call the WriteGate reads the approving comments again, and those after them, and judges by the configuration and the roles of
  that moment; policy is the stricter of then and now.
- **M6, one short job moves a delivery.** \`advance\` drains its inbox under the row's lock. Commands wait for no model and for no write. Results carry the attempt
  that they belong to, and a stale one is recorded and dropped. A job that died for good becomes an event, and the machine decides.
- **M7, a watch reads first.** Webhooks are hints: whoever watches reads how things stand now, when it begins and whenever it is woken.
- **M8, no checks are not green.** A pull request without a single check is blocked after \`verify.no_checks_after\`. Our own checks never count.
- **Criteria.** Green checks lead on when each acceptance criterion has evidence; else \`verify/blocked(unproven)\`, where \`/accept AC-n\` by an approver stands
  in for it, also when people merged meanwhile.
- **M9, time.** At half its deadline a gate reminds once; at the deadline it says so and stays open. Work that takes longer than its deadline fails.
- **M10, live and terminal.** \`close/succeeded\` and everything canceled is the end. An issue has one live delivery at most. From every live state something that an
  approver or a clock does leads on, and nothing goes round for ever by itself: every circle passes a person or takes one off a counter.`;
