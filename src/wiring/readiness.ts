// Whether this process can do its work: the database and the queue answer, in bounded time.
import type { Opened } from "../db/open.ts";
import type { Readiness } from "../ops/http.ts";

const LIMIT_MS = 2_000;

export const readinessOf =
  ({ db, queue }: Pick<Opened, "db" | "queue">) =>
  async (): Promise<Readiness> => {
    const [database, jobs] = await Promise.all([answers(db.sql.execute("select 1")), answers(queue.due(["advance"]))]);
    return { database, queue: jobs };
  };

async function answers(asked: PromiseLike<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), LIMIT_MS);
  });
  try {
    return await Promise.race([Promise.resolve(asked).then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
