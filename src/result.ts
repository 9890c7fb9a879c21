// Errors as values, for callers that can act on them.
export type Result<T, E> = Readonly<{ ok: true; value: T }> | Readonly<{ ok: false; error: E }>;

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error });

/** For the default arm of an exhaustive switch: a new variant that nobody handles does not compile. */
export const unreachable = (value: never): never => {
  throw new Error(`unhandled variant: ${JSON.stringify(value)}`);
};
