// A job that finds itself frozen half-way: it ends here, and comes back when the freeze is lifted.

/** Thrown before what may not be done. The queue tries again, finds the delivery held, and does nothing. */
export class FrozenError extends Error {
  override readonly name = "FrozenError";
  constructor(what: string) {
    super(`frozen: ${what}`);
  }
}
