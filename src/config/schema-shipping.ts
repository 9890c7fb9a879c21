// The part of the schema that speaks of what follows a green pull request: its merge, its deployment, and how long both are watched.
import { z } from "zod";
import { MergeMethod } from "../shipping/content.ts";
import { duration } from "./duration.ts";

export const merge = z.strictObject({
  method: MergeMethod.default("merge").describe(
    "How the pull request of this repository is merged: `merge`, `squash` or `rebase`. The repository must allow it.",
  ),
});

export const deploy = z.strictObject({
  environment: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\p{C}]+$/u, "is not the name of an environment")
    .nullable()
    .default(null)
    .describe(
      "Environment for which a GitHub Deployment of the merge commit is made, for whatever listens to it. Default: none is made.",
    ),
  required_checks: z
    .array(z.string().min(1).max(200))
    .max(50)
    .default([])
    .describe("Checks of the merge commit that must be green before GitHub makes the deployment."),
});

export const observe = z.strictObject({
  window: duration("0s", "7d")
    .prefault("30m")
    .describe(
      "How long the deployments and the checks of what was merged are watched before the delivery is done. With `exit_phase: deploy` it is 0.",
    ),
});
