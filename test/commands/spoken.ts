// Somebody who speaks to a delivery, as plain values: what was read of both before a command is judged.
import type { Standing } from "../../src/commands/authorise.ts";
import type { CommandName } from "../../src/commands/catalogue.ts";
import type { Conversation, Participant } from "../../src/commands/find-delivery.ts";
import { NOTHING_FOUND } from "../../src/commands/gate-facts.ts";
import type { Hearing } from "../../src/commands/judge.ts";
import type { ParsedCommand } from "../../src/commands/parse.ts";
import { type Config, ConfigFile } from "../../src/config/schema.ts";
import type {
  Delivery,
  GateSubject,
  PatchSetRef,
  ShipSubject,
  StrayHead,
  Target,
} from "../../src/delivery/delivery.ts";
import {
  CommentId,
  DeliveryId,
  Digest,
  InstallationId,
  IssueNumber,
  PatchSetId,
  RepoId,
  Sha,
  TraceId,
  UserId,
} from "../../src/ids.ts";
import { instant } from "../../src/instant.ts";

export const SHOP = RepoId.parse(101);
export const TILL = RepoId.parse(102);
/** Takes part, and has nothing to decide. */
export const DOCS = RepoId.parse(103);

export const MONA = UserId.parse(7);
export const LISA = UserId.parse(8);
export const AT = instant("2026-11-21T10:00:00Z");

export const digest = (digit: string): Digest => Digest.parse(digit.repeat(64));
export const sha = (digit: string): Sha => Sha.parse(digit.repeat(40));
export const [PLAN, SHOP_PATCHES, TILL_PATCHES, SHIP, HEAD] = [
  digest("1"),
  digest("2"),
  digest("3"),
  digest("4"),
  digest("5"),
] as const;
/** In which comment each is shown. */
export const SHOWN = CommentId.parse(900);

export const subject = (of: Digest, part: Partial<GateSubject> = {}): GateSubject => ({
  version: 1,
  digest: of,
  shown: { at: AT, commentId: SHOWN },
  approvals: [],
  approved: false,
  ...part,
});
export const patches = (of: Digest, part: Partial<PatchSetRef> = {}): PatchSetRef => ({
  ...subject(of),
  id: PatchSetId.parse(5),
  written: false,
  ...part,
});
export const head = (of: Digest, part: Partial<StrayHead> = {}): StrayHead => ({
  ...subject(of),
  head: sha("c"),
  ...part,
});
const ship = (of: Digest, part: Partial<ShipSubject> = {}): ShipSubject => ({
  ...subject(of),
  shipped: false,
  ...part,
});

export const target = (repoId: RepoId, part: Partial<Target> = {}): Target => ({
  repoId,
  role: repoId === SHOP ? "primary" : "secondary",
  patchSet: null,
  written: null,
  strayHead: null,
  landed: "no",
  ...part,
});

/** Two patch sets wait in review; everything that any gate shows is there. */
export const delivery = (part: Partial<Delivery> = {}): Delivery => ({
  id: DeliveryId.parse(12),
  phase: "review",
  runStatus: "succeeded",
  reason: null,
  holds: [],
  exitPhase: "observe",
  version: 9,
  attempt: 3,
  revisionsLeft: 2,
  fixesLeft: 1,
  restartsLeft: 1,
  plan: subject(PLAN),
  targets: [
    target(SHOP, { patchSet: patches(SHOP_PATCHES), strayHead: head(HEAD) }),
    target(TILL, { patchSet: patches(TILL_PATCHES) }),
    target(DOCS),
  ],
  ship: ship(SHIP),
  retired: [],
  ...part,
});

const INSTALLATION = InstallationId.parse(50);
const participant = (repoId: RepoId, name: string): Participant => ({
  repoId,
  installationId: INSTALLATION,
  owner: "Acme",
  name,
});
export const shop = participant(SHOP, "shop");
export const till = participant(TILL, "till");
export const docs = participant(DOCS, "docs");

export const conversation: Conversation = {
  deliveryId: DeliveryId.parse(12),
  traceId: TraceId.parse("0".repeat(32)),
  primary: shop,
  issueNumber: IssueNumber.parse(42),
  requester: LISA,
  repositories: [shop, till, docs],
  startedAt: AT,
};

export const approver: Standing = {
  kind: "approver",
  login: "mona",
  role: "write",
  gates: ["plan", "review", "deploy"],
};
export const writer: Standing = { kind: "may_command", login: "mona", role: "write", taken: false };
export const stranger: Standing = { kind: "stranger", why: "role", role: "read" };

export const config = (given: object = {}): Config => ConfigFile.parse(given);

/** Everything is as it should be, and nothing stands in the way. */
export const hearing = (part: Partial<Hearing> = {}): Hearing => ({
  asker: MONA,
  requester: LISA,
  known: new Map(),
  needs: { lost: [], owners: null, unusable: [] },
  standing: approver,
  rules: { kind: "config", config: config(), prefix: null },
  unchanged: true,
  unwritable: [],
  causeGone: null,
  budget: null,
  undoneBy: null,
  newerHold: null,
  newerWrite: null,
  gate: NOTHING_FOUND,
  review: null,
  ...part,
});

export const command = (name: CommandName, part: Partial<ParsedCommand> = {}): ParsedCommand => ({
  name,
  position: 0,
  target: null,
  code: null,
  text: null,
  ...part,
});
