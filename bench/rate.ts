// How often a second something can be done: the median of several rounds, so that one bad moment of the machine does not count.

const ROUNDS = 5;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** `times` calls a round, after one round that does not count. `at` numbers the calls over all rounds. */
export async function perSecond(times: number, call: (at: number) => unknown): Promise<number> {
  const rates: number[] = [];
  let at = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const began = performance.now();
    for (let i = 0; i < times; i++) await call(at++);
    const seconds = (performance.now() - began) / 1000;
    if (round > 0) rates.push(times / seconds);
  }
  return median(rates);
}

export const rounded = (value: number): number => Number(value.toPrecision(3));
