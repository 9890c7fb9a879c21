// What becomes of what somebody said or clicked: one row for each command, with its refusal, its answer, or its question.
import { describe, expect, it } from "vitest";
import type { Hearing, Judged } from "../../src/commands/judge.ts";
import { judgeButton, judgeComment, otherRepositories } from "../../src/commands/judge.ts";
import type { Parsed, ParsedCommand } from "../../src/commands/parse.ts";
import type { CommandRefusal } from "../../src/commands/refusal.ts";
import { codeOf } from "../../src/delivery/code.ts";
import type { Delivery } from "../../src/delivery/delivery.ts";
import { ONLY_A_NUMBER } from "../../src/delivery/needs.ts";
import { DeliveryId } from "../../src/ids.ts";
import {
  AT,
  approver,
  command,
  config,
  conversation,
  DOCS,
  delivery,
  digest,
  HEAD,
  head,
  hearing,
  LISA,
  MONA,
  PLAN,
  SHIP,
  SHOP,
  SHOP_PATCHES,
  SHOWN,
  sha,
  stranger,
  subject,
  TILL,
  TILL_PATCHES,
  target,
  writer,
} from "./spoken.ts";

type Given = Readonly<{ delivery?: Partial<Delivery>; hearing?: Partial<Hearing> }>;
const about = (given: Given = {}) => ({
  delivery: delivery(given.delivery),
  conversation,
  hearing: hearing(given.hearing),
});
const commands = (...all: readonly ParsedCommand[]): Parsed => ({ kind: "commands", commands: all });
const answer = { kind: "answer", command: "revise", refusal: { code: "quoted_mail" } } as const;
const unknown = {
  kind: "answer",
  command: "aprove",
  refusal: { code: "unknown_command", given: "aprove", meant: "approve" },
} as const;

/** What became of the one command. */
const rulingOf = (one: ParsedCommand, given: Given = {}) => judgeComment(commands(one), about(given))[0]?.ruling;
const refused = (refusal: object) => ({ kind: "refused", refusal });
const asked = (ask: object) => ({ kind: "asked", ask });
const repository = (fullName: string) => ({ kind: "repository", fullName }) as const;

const notApprover = (part: object = {}) =>
  refused({ code: "not_approver", login: "mona", gate: null, users: [], teams: [], ...part });
const OVER = refused({ code: "over", applies: [] });
const APPROVAL = { name: "approve", target: null, code: null, quorum: 1, codeRequired: false, needs: ONLY_A_NUMBER };

const canceled = { runStatus: "canceled" } as const;
const done = { phase: "close", runStatus: "succeeded", targets: [target(SHOP)] } as const;
const configInvalid: Extract<CommandRefusal, { code: "config_invalid" }> = {
  code: "config_invalid",
  commit: sha("d"),
  problems: [{ line: 3, message: "is no key" }],
};
const broken: Partial<Hearing> = { rules: { kind: "problems", prefix: null, refusal: configInvalid } };
const byRules = (given: object): Partial<Hearing> => ({
  rules: { kind: "config", prefix: null, config: config(given) },
});

describe("a comment", () => {
  it("of nothing for us has no row, whoever wrote it", () => {
    expect(judgeComment({ kind: "nothing" }, about())).toEqual([]);
    expect(judgeComment({ kind: "nothing" }, about({ hearing: { standing: stranger, unchanged: false } }))).toEqual([]);
  });

  it("has a row for each of its commands, in their order", () => {
    const rows = judgeComment(
      commands(
        command("reject", { target: repository("acme/till"), text: "no" }),
        command("status", { position: 1 }),
        command("approve", { target: repository("acme/shop"), code: "k7m2", position: 2 }),
      ),
      about(),
    );
    expect(rows).toEqual([
      {
        name: "reject",
        position: 0,
        args: { target: repository("acme/till"), code: null, text: "no" },
        ruling: asked({ name: "reject", target: TILL, why: "no" }),
      },
      { name: "status", position: 1, args: { target: null, code: null, text: null }, ruling: { kind: "answered" } },
      {
        name: "approve",
        position: 2,
        args: { target: repository("acme/shop"), code: "k7m2", text: null },
        ruling: asked({ ...APPROVAL, target: SHOP, code: "k7m2" }),
      },
    ]);
  });

  it("that cannot be followed is answered as a whole", () => {
    const row = { name: "revise", position: 0, args: {}, ruling: refused({ code: "quoted_mail" }) };
    expect(judgeComment(answer, about())).toEqual([row]);
  });

  it.each([
    [commands(command("hold"), command("status", { position: 1 })), "hold"],
    [answer, "revise"],
    [commands(), ""],
  ])("that was edited since is refused as a whole (%#)", (parsed, name) => {
    const row = { name, position: 0, args: {}, ruling: refused({ code: "edited" }) };
    expect(judgeComment(parsed, about({ hearing: { unchanged: false } }))).toEqual([row]);
  });
});

describe("a stranger", () => {
  const refusal = { code: "stranger", why: "role" };
  it.each<[what: string, parsed: Parsed, name: string, part: Partial<Delivery>, kind: string]>([
    ["who commands", commands(command("approve"), command("hold", { position: 1 })), "approve", {}, "refused"],
    ["who commands amiss", answer, "revise", {}, "refused"],
    ["who says no word of ours", unknown, "aprove", {}, "unheard"],
    ["who commands where it was canceled", commands(command("approve")), "approve", canceled, "unheard"],
    ["who commands where it is done", commands(command("approve")), "approve", done, "unheard"],
    ["who commands amiss where all is over", answer, "revise", done, "unheard"],
    ["who says no word of ours where all is over", unknown, "aprove", done, "unheard"],
  ])("%s", (_what, parsed, name, part, kind) => {
    // An edit changes nothing: it is not read for strangers.
    for (const unchanged of [true, false]) {
      const rows = judgeComment(parsed, about({ delivery: part, hearing: { standing: stranger, unchanged } }));
      expect(rows).toEqual([{ name, position: 0, args: {}, ruling: { kind, refusal } }]);
    }
  });

  it("is told why", () => {
    const bot = { kind: "stranger", why: "bot", role: "none" } as const;
    expect(rulingOf(command("approve"), { hearing: { standing: bot } })).toEqual(
      refused({ code: "stranger", why: "bot" }),
    );
  });
});

describe("a question", () => {
  it.each(["status", "help"] as const)("%s is answered to every writer, whatever stands in the way", (name) => {
    for (const given of [{}, { delivery: canceled }, { delivery: done }, { hearing: broken }]) {
      const standing = { ...given, hearing: { ...given.hearing, standing: writer } };
      expect(rulingOf(command(name), standing)).toEqual({ kind: "answered" });
    }
  });
});

describe("a command of the control issue", () => {
  it.each(["freeze", "unfreeze"] as const)(
    "%s is sent there, whoever gives it and whatever stands in the way",
    (name) => {
      const elsewhere = refused({ code: "elsewhere", command: name });
      expect(rulingOf(command(name))).toEqual(elsewhere);
      expect(rulingOf(command(name), { delivery: done, hearing: { ...broken, standing: writer } })).toEqual(elsewhere);
    },
  );
});

describe("where a delivery is over", () => {
  const plain = ["approve", "reject", "revise", "retry", "cancel", "plan", "hold", "resume"] as const;
  it.each(plain)("%s is refused, also to those who could not give it", (name) => {
    for (const part of [{ ...canceled, targets: [target(SHOP)] }, done]) {
      expect(rulingOf(command(name), { delivery: part })).toEqual(OVER);
      expect(rulingOf(command(name), { delivery: part, hearing: { ...broken, standing: writer } })).toEqual(OVER);
    }
  });

  it("its merge can still be undone", () => {
    expect(rulingOf(command("rollback"), { delivery: done })).toEqual(asked({ name: "rollback" }));
    expect(rulingOf(command("rollback"), { delivery: done, hearing: { standing: writer } })).toEqual(notApprover());
  });

  it("a head that waits can still be countersigned, and nothing else be done", () => {
    const waiting = { ...done, targets: [target(SHOP, { strayHead: head(HEAD) })] };
    expect(rulingOf(command("approve"), { delivery: waiting })).toEqual(asked(APPROVAL));
    expect(rulingOf(command("reject"), { delivery: waiting })).toEqual(OVER);
    const signed = { ...done, targets: [target(SHOP, { strayHead: head(HEAD, { approved: true }) })] };
    expect(rulingOf(command("approve"), { delivery: signed })).toEqual(OVER);
  });
});

describe("rules", () => {
  it("that cannot be read refuse every decision, whoever makes it", () => {
    for (const standing of [approver, writer]) {
      const given = { hearing: { ...broken, standing } };
      expect(rulingOf(command("approve"), given)).toEqual(refused(configInvalid));
      expect(rulingOf(command("hold"), given)).toEqual(refused(configInvalid));
    }
  });

  it("let an approver of any gate give every command but another gate's approval", () => {
    const hearing: Partial<Hearing> = { standing: { kind: "approver", login: "mona", role: "write", gates: ["plan"] } };
    expect(rulingOf(command("hold"), { hearing })).toEqual(asked({ name: "hold" }));
    expect(rulingOf(command("approve"), { hearing })).toEqual(notApprover());
    const plan = { phase: "plan" } as const;
    expect(rulingOf(command("approve"), { hearing, delivery: plan })).toEqual(asked(APPROVAL));
  });

  it("refuse a writer who is no approver, with those who are", () => {
    const named = { ...byRules({ approvers: ["octocat"] }), standing: writer };
    expect(rulingOf(command("hold"), { hearing: named })).toEqual(notApprover({ users: ["octocat"] }));
    const own = { ...byRules({ gate_approvers: { review: ["lisa"] } }), standing: writer };
    expect(rulingOf(command("approve"), { hearing: own })).toEqual(notApprover({ gate: "review", users: ["lisa"] }));
  });

  it("hear an owner's approval as that, and no other command of theirs", () => {
    const paths = [{ path: "a", count: 1, named: ["@mona"], unknown: [], people: [MONA] }];
    const owners = [{ digest: SHOP_PATCHES, paths }];
    const given = { hearing: { standing: writer, needs: { lost: [], owners, unusable: [] } } };
    const needs = { voice: "owner", notAlone: [], lost: [], owners };
    expect(rulingOf(command("approve"), given)).toEqual(asked({ ...APPROVAL, needs }));
    expect(rulingOf(command("reject"), given)).toEqual(notApprover());
  });

  it("stand beside the approval", () => {
    const hearing = byRules({ approvals: { review: 2, code: "required", ttl: "1h", requester: "not_alone" } });
    const needs = { ...ONLY_A_NUMBER, notAlone: [LISA] };
    expect(rulingOf(command("approve"), { hearing })).toEqual(
      asked({ ...APPROVAL, quorum: 2, codeRequired: true, ttl: 3_600, needs }),
    );
  });
});

describe("the repositories that a command is about beside the primary one", () => {
  it.each<[ParsedCommand, readonly number[]]>([
    [command("approve"), [TILL, DOCS]],
    [command("approve", { target: { kind: "all" } }), [TILL, DOCS]],
    [command("approve", { target: repository("acme/till") }), [TILL]],
    [command("approve", { target: repository("acme/shop") }), []],
    [command("approve", { target: repository("acme/other") }), []],
    [command("reject"), []],
    [command("reject", { target: repository("ACME/DOCS") }), [DOCS]],
    [command("revise", { target: { kind: "plan" } }), []],
    [command("hold"), []],
    [command("status", { target: repository("acme/till") }), []],
    [command("help", { target: repository("acme/till") }), []],
  ])("of %j", (one, repositories) => {
    expect(otherRepositories(one, conversation)).toEqual(repositories);
  });

  it("must be writable: the first that is not is named", () => {
    const noWrite = (repoId: number) => refused({ code: "no_write_on_target", repoId, login: "mona" });
    const given = { hearing: { unwritable: [DOCS, TILL] } };
    expect(rulingOf(command("approve"), given)).toEqual(noWrite(TILL));
    expect(rulingOf(command("approve"), { hearing: { unwritable: [DOCS] } })).toEqual(noWrite(DOCS));
    expect(rulingOf(command("reject", { target: repository("acme/docs") }), given)).toEqual(noWrite(DOCS));
    expect(rulingOf(command("reject"), given)).toEqual(asked({ name: "reject", target: null, why: null }));
    const at = { target: repository("acme/shop") };
    expect(rulingOf(command("approve", at), given)).toEqual(asked({ ...APPROVAL, target: SHOP }));
  });
});

describe("an approver's command", () => {
  it("is refused where its target is none", () => {
    expect(rulingOf(command("reject", { target: repository("acme/x") }))).toEqual(
      refused({ code: "no_such_target", given: "acme/x", open: [SHOP, TILL] }),
    );
  });

  it("carries what was read for it", () => {
    expect(rulingOf(command("retry"), { hearing: { causeGone: true } })).toEqual(
      asked({ name: "retry", causeGone: true }),
    );
    const none = { now: null, most: 0, stored: 0 };
    const budget = { tokens: { now: 10, most: 30, stored: 10 }, money: none, time: none };
    expect(rulingOf(command("budget", { text: "+20" }), { hearing: { budget } })).toEqual(
      asked({ name: "budget", tokens: 20, micros: 0, ms: 0, most: 30 }),
    );
  });

  it("to undo what is undone already is refused with what undoes it", () => {
    const given = { hearing: { undoneBy: DeliveryId.parse(13) } };
    expect(rulingOf(command("rollback"), given)).toEqual(refused({ code: "undone_already", by: 13, undoes: 12 }));
    expect(rulingOf(command("hold"), given)).toEqual(asked({ name: "hold" }));
    expect(rulingOf(command("rollback"))).toEqual(asked({ name: "rollback" }));
  });

  it("to accept is refused where a commit was written after it", () => {
    const given = { hearing: { newerWrite: AT } };
    const accept = command("accept", { text: "AC-1" });
    expect(rulingOf(accept, given)).toEqual(refused({ code: "older_content", writtenAt: AT }));
    expect(rulingOf(command("hold"), given)).toEqual(asked({ name: "hold" }));
    expect(rulingOf(accept)).toEqual(asked({ name: "accept", criterion: "AC-1" }));
  });

  it("to go on is refused where somebody asked for a hold after it was written", () => {
    const given = { hearing: { newerHold: { login: "mona", at: AT } } };
    expect(rulingOf(command("resume"), given)).toEqual(
      refused({ code: "overtaken", by: "hold", login: "mona", at: AT }),
    );
    expect(rulingOf(command("hold"), given)).toEqual(asked({ name: "hold" }));
    expect(rulingOf(command("resume"))).toEqual(asked({ name: "resume" }));
  });

  const touched = [{ repoId: SHOP, digest: SHOP_PATCHES, shownIn: SHOWN, commentId: SHOWN, changedAt: AT }];
  const gate = { touched, unsettled: [], elsewhere: [] };
  const changed = { code: "gate_changed", shownVersion: 1, shownCode: codeOf(SHOP_PATCHES), repoId: SHOP };
  const file = { digest: SHOP_PATCHES, repoId: SHOP, file: "CODEOWNERS", problem: "it is no text" };
  const needs = { lost: [], owners: null, unusable: [file] };
  const unusable = { code: "code_owners_unusable", repoId: SHOP, file: "CODEOWNERS", why: "it is no text" };

  it("approves nothing that is not shown as we left it; rejecting it needs no such thing", () => {
    expect(rulingOf(command("approve"), { hearing: { gate } })).toEqual(refused(changed));
    expect(rulingOf(command("reject"), { hearing: { gate, needs } })).toEqual(
      asked({ name: "reject", target: null, why: null }),
    );
  });

  it("approves nothing whose owners nobody can tell, and hears of a touched gate before that", () => {
    expect(rulingOf(command("approve"), { hearing: { needs } })).toEqual(refused(unusable));
    expect(rulingOf(command("approve"), { hearing: { needs, gate } })).toEqual(refused(changed));
    const at = { target: repository("acme/till") };
    expect(rulingOf(command("approve", at), { hearing: { needs, gate } })).toEqual(
      asked({ ...APPROVAL, target: TILL }),
    );
  });

  describe("with a button", () => {
    const click = (name: "approve" | "reject", of = SHOP_PATCHES, given: Given = {}): readonly Judged[] =>
      judgeButton({ name, code: codeOf(of) }, 4, about(given));
    const clicked = (name: "approve" | "reject", of = SHOP_PATCHES, given: Given = {}) =>
      click(name, of, given)[0]?.ruling;
    const OUTDATED = refused({ code: "button_outdated" });
    const STRANGE = digest("e");

    it("is one row, with the code it was shown with", () => {
      const code = codeOf(TILL_PATCHES);
      const args = { target: null, code, text: null };
      expect(click("approve", TILL_PATCHES)).toEqual([
        { name: "approve", position: 4, args, ruling: asked({ ...APPROVAL, target: TILL, code }) },
      ]);
      expect(click("reject", TILL_PATCHES)).toEqual([
        { name: "reject", position: 4, args, ruling: asked({ name: "reject", target: TILL, why: null }) },
      ]);
    });

    it("means the plan or the shipment where these wait", () => {
      for (const [phase, of] of [
        ["plan", PLAN],
        ["deploy", SHIP],
      ] as const) {
        const given = { delivery: { phase }, hearing: { unwritable: [TILL, DOCS] } };
        expect(clicked("approve", of, given)).toEqual(asked({ ...APPROVAL, code: codeOf(of) }));
        expect(clicked("reject", of, given)).toEqual(asked({ name: "reject", target: null, why: null }));
      }
    });

    it("of another version: an approval is left to the machine, a rejection is outdated", () => {
      expect(clicked("approve", STRANGE)).toEqual(asked({ ...APPROVAL, code: codeOf(STRANGE) }));
      expect(clicked("reject", STRANGE)).toEqual(OUTDATED);
      expect(clicked("reject", PLAN)).toEqual(OUTDATED);
    });

    it("from before it had to be shown again rejects nothing", () => {
      const again = { phase: "plan", plan: subject(PLAN, { again: true }) } as const;
      expect(clicked("reject", PLAN, { delivery: again })).toEqual(OUTDATED);
      expect(clicked("approve", PLAN, { delivery: again })).toEqual(asked({ ...APPROVAL, code: codeOf(PLAN) }));
    });

    it("needs write access where it is about another repository", () => {
      const given = { hearing: { unwritable: [TILL] } };
      const noWrite = refused({ code: "no_write_on_target", repoId: TILL, login: "mona" });
      expect(clicked("approve", TILL_PATCHES, given)).toEqual(noWrite);
      expect(clicked("reject", TILL_PATCHES, given)).toEqual(noWrite);
      expect(clicked("reject", SHOP_PATCHES, given)).toEqual(asked({ name: "reject", target: SHOP, why: null }));
      expect(clicked("approve", STRANGE, given)).toEqual(asked({ ...APPROVAL, code: codeOf(STRANGE) }));
    });

    it("carries today's rules", () => {
      const hearing = byRules({ approvals: { review: 2, code: "required", ttl: "1h", requester: "not_alone" } });
      const own = { target: SHOP, code: codeOf(SHOP_PATCHES), needs: { ...ONLY_A_NUMBER, notAlone: [LISA] } };
      expect(clicked("approve", SHOP_PATCHES, { hearing })).toEqual(
        asked({ ...APPROVAL, ...own, quorum: 2, codeRequired: true, ttl: 3_600 }),
      );
    });

    it("approves nothing that was touched or whose owners nobody can tell; a rejection of it stands", () => {
      expect(clicked("approve", SHOP_PATCHES, { hearing: { gate, needs } })).toEqual(refused(changed));
      expect(clicked("approve", SHOP_PATCHES, { hearing: { needs } })).toEqual(refused(unusable));
      expect(clicked("reject", SHOP_PATCHES, { hearing: { gate, needs } })).toEqual(
        asked({ name: "reject", target: SHOP, why: null }),
      );
    });

    it("is refused to those who may not, and where all is over", () => {
      expect(clicked("approve", SHOP_PATCHES, { hearing: { standing: writer } })).toEqual(notApprover());
      expect(clicked("reject", SHOP_PATCHES, { hearing: { standing: writer } })).toEqual(notApprover());
      expect(clicked("approve", SHOP_PATCHES, { hearing: broken })).toEqual(refused(configInvalid));
      expect(clicked("approve", SHOP_PATCHES, { delivery: done })).toEqual(OVER);
      expect(clicked("reject", SHOP_PATCHES, { delivery: done })).toEqual(OVER);
    });

    it("of a stranger is answered while the delivery lives, and only counted later", () => {
      const refusal = { code: "stranger", why: "role" };
      const args = { target: null, code: codeOf(SHOP_PATCHES), text: null };
      const row = { name: "approve", position: 4, args };
      const hearing = { standing: stranger };
      expect(click("approve", SHOP_PATCHES, { hearing })).toEqual([{ ...row, ruling: refused(refusal) }]);
      const over = { ...row, ruling: { kind: "unheard", refusal } };
      expect(click("approve", SHOP_PATCHES, { hearing, delivery: done })).toEqual([over]);
      expect(click("approve", SHOP_PATCHES, { hearing, delivery: canceled })).toEqual([over]);
    });
  });
});
