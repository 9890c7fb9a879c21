// Makes GitHub show what is; comes back later where GitHub's pace or a missing permission does not let it finish.
import { type PublishDeps, publish } from "../thread/publish.ts";
import type { Handler } from "./handler.ts";

export const publishJob =
  (deps: PublishDeps): Handler<"publish"> =>
  async ({ deliveryId }, { signal }) => {
    const published = await publish(deps, deliveryId, signal);
    if (published.kind === "all") return;
    await deps.crash("publish.before.come_back");
    await deps.db.transaction((tx) => tx.enqueue("publish", { deliveryId }, { startAfterSeconds: published.seconds }));
  };
