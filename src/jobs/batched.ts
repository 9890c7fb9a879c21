// Puts calls that come while one is under way into the next one: under load one statement settles many jobs, and none waits longer.

type Waiting<T, R> = Readonly<{ item: T; resolve: (answer: R) => void; reject: (error: unknown) => void }>;

/** `flush` answers one result for each item, in order. What it throws, all items of that call throw. */
export function batched<T, R>(flush: (items: readonly T[]) => Promise<readonly R[]>): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];
  let busy = false;

  const run = async () => {
    busy = true;
    while (waiting.length > 0) {
      const now = waiting;
      waiting = [];
      try {
        const answers = await flush(now.map(({ item }) => item));
        for (const [index, { resolve, reject }] of now.entries()) {
          const answer = answers[index];
          if (answer === undefined) reject(new Error("a call of many answered too little"));
          else resolve(answer);
        }
      } catch (error) {
        for (const { reject } of now) reject(error);
      }
    }
    busy = false;
  };

  return (item) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void run();
    });
}
