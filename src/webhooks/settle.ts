// Events are hints that come late, twice or in the wrong order: what counts is the world as it is now, said until it is still so.

/** A world that changes under each of these readings is left to the job's next try. */
const MOST_ROUNDS = 5;

/**
 * Reads, tells, and reads again after telling, until what was told last is what is: of two jobs that run at once, whoever
 * tells last has looked after the other. `tell` answers whether there was anything to tell.
 */
export async function settle<Facts>(
  read: () => Promise<Facts>,
  tell: (facts: Facts, round: number) => Promise<"told" | "nothing">,
): Promise<void> {
  let facts = await read();
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    if ((await tell(facts, round)) === "nothing") return;
    const now = await read();
    if (JSON.stringify(now) === JSON.stringify(facts)) return;
    facts = now;
  }
  throw new Error("the facts changed with every reading");
}
