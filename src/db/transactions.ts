// Makes a Database of a connection: transactions with a time limit, in which `tx` is the only handle that works.
import { AsyncLocalStorage } from "node:async_hooks";
import { sql as raw } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { Enqueue } from "../jobs/queue.ts";
import type { Database, Sql, Tx } from "./database.ts";
import { TransactionTimeout } from "./errors.ts";
import type * as schema from "./schema.ts";

/** Both drivers' drizzle. */
export type Drizzle = PgDatabase<PgQueryResultHKT, typeof schema>;

/** Long enough for a slow machine, short enough that a deadlock is found while somebody still looks. */
export const TRANSACTION_SECONDS = 30;

export type TransactionsDeps = Readonly<{
  drizzle: Drizzle;
  enqueue: Enqueue;
  /** Wakes the workers of these queues when the transaction commits. */
  wake: (sql: Sql, names: readonly string[]) => Promise<void>;
  /** Limits inside the server (Postgres), so that a statement that waits for a lock ends too. */
  serverLimits: boolean;
  seconds: number;
}>;

export function makeDatabase(deps: TransactionsDeps): Database {
  const { drizzle, seconds } = deps;
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  const assertOutside = () => {
    if (inside.getStore()?.open === true) throw new Error("inside a transaction only its own tx may be used");
  };

  const transaction = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    assertOutside();
    const state = { open: true };
    try {
      return await drizzle.transaction(async (within) => {
        const woken = new Set<string>();
        const sql = guarded(within, () => {
          if (!state.open) throw new Error("the transaction is over");
        });
        const tx: Tx = {
          sql,
          enqueue: async (name, data, options) => {
            const due = await deps.enqueue(sql, name, data, options);
            if (due) woken.add(name);
          },
        };
        if (deps.serverLimits) await limitServer(within, seconds);
        const result = await limited(
          inside.run(state, () => work(tx)),
          seconds,
        );
        if (woken.size > 0) await deps.wake(sql, [...woken]);
        return result;
      });
    } finally {
      state.open = false;
    }
  };

  return { sql: guarded(drizzle, assertOutside), transaction };
}

/** The same handle, which asks `check` at each use; `check` throws to refuse. */
function guarded(sql: Drizzle, check: () => void): Sql {
  return new Proxy(sql, {
    get(target, key) {
      check();
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const limitServer = (sql: Sql, seconds: number) =>
  sql.execute(
    raw`select set_config('statement_timeout', ${`${seconds}s`}, true), set_config('lock_timeout', ${`${seconds}s`}, true)`,
  );

async function limited<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TransactionTimeout(seconds)), seconds * 1000);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
