// Answers one command where it was given; `/status` also has the thread drawn anew.
import { eq } from "drizzle-orm";
import { commands } from "../db/schema.ts";
import { DeliveryId } from "../ids.ts";
import { answer } from "../thread/answer.ts";
import type { PublishDeps } from "../thread/publish.ts";
import type { Handler } from "./handler.ts";

export const answerJob =
  (deps: PublishDeps): Handler<"answer"> =>
  async ({ commandId }, { signal }) => {
    const answered = await answer(deps, commandId, signal);
    const [command] = await deps.db.sql
      .select({ deliveryId: commands.deliveryId, name: commands.name, verdict: commands.verdict })
      .from(commands)
      .where(eq(commands.id, commandId));
    await deps.crash("answer.before.commit");
    await deps.db.transaction(async (tx) => {
      if (answered.kind === "later") await tx.enqueue("answer", { commandId }, { startAfterSeconds: answered.seconds });
      else if (command?.deliveryId != null && command.name === "status" && command.verdict === "accepted") {
        await tx.enqueue("publish", { deliveryId: DeliveryId.parse(command.deliveryId) });
      }
    });
  };
