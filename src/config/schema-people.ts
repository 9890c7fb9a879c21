// The part of the configuration that says who decides, and how many of them.
import { z } from "zod";
import { approvers } from "./approvers.ts";
import { duration } from "./duration.ts";
import { whole } from "./schema-values.ts";

export const approvals = z.strictObject({
  plan: whole(1, 10).default(1).describe("How many people must approve a plan."),
  review: whole(1, 10).default(1).describe("How many people must approve each patch set."),
  deploy: whole(1, 10).default(1).describe("How many people must approve a merge and deployment."),
  code: z
    .enum(["optional", "required"])
    .default("optional")
    .describe("Whether `/approve` must quote the code of the version that is shown."),
  ttl: duration("1h", "365d")
    .nullable()
    .default(null)
    .describe(
      "How long an approval counts. What was not written by then is shown again, to be approved again. Default: without an end.",
    ),
  requester: z
    .enum(["counts", "not_alone"])
    .default("counts")
    .describe(
      "Whether the person who put the label on may be the only one who approves a gate: with `not_alone`, somebody else must approve it too.",
    ),
});

export const gateApprovers = z.strictObject({
  plan: approvers.nullable().default(null).describe("Who may approve plans. Default: `approvers`."),
  review: approvers.nullable().default(null).describe("Who may approve patch sets. Default: `approvers`."),
  deploy: approvers.nullable().default(null).describe("Who may approve a merge and deployment. Default: `approvers`."),
});
