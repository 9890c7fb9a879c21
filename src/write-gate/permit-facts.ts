// What a permit says: whose approval of what, and what exactly may be written for it.
import type {
  ApprovalId,
  DeliveryId,
  Digest,
  InstallationId,
  PatchSetId,
  RepoId,
  Sha,
  ShipId,
  ShipPartId,
  TraceId,
  WriteId,
} from "../ids.ts";
import type { PatchSetContent } from "../patches/patch-set.ts";
import type { DeploymentContent, MergeContent } from "../shipping/content.ts";
import type { Signatory } from "./commit-message.ts";

type Allowed = Readonly<{
  writeId: WriteId;
  deliveryId: DeliveryId;
  attempt: number;
  traceId: TraceId;
  digest: Digest;
  repoId: RepoId;
  installationId: InstallationId;
  approvals: readonly Readonly<{ id: ApprovalId; by: Signatory }>[];
  /** Of the plan, and of the head that it goes onto: they must stand as long, and sign nothing. */
  restsOn: readonly ApprovalId[];
}>;

export type PatchSetFacts = Allowed &
  Readonly<{
    subjectKind: "patchset";
    subjectId: PatchSetId;
    /** The client writes this and nothing else. */
    content: PatchSetContent;
    /** The head that an earlier patch set left on the branch; null when the branch is still to be made. */
    onTopOf: Sha | null;
  }>;

/** Of a ship, which is what people approved; the part alone is what is done under this permit. */
type OfShip = Allowed & Readonly<{ subjectId: ShipPartId; ship: Readonly<{ id: ShipId; digest: Digest }> }>;

export type MergeFacts = OfShip & Readonly<{ subjectKind: "merge"; content: MergeContent }>;

export type DeploymentFacts = OfShip & Readonly<{ subjectKind: "deployment"; content: DeploymentContent }>;

export type ShipFacts = MergeFacts | DeploymentFacts;

export type PermitFacts = PatchSetFacts | ShipFacts;
