// Remembers for how long GitHub asked an installation to be quiet: calling on while limited may get an App banned.
import type { Clock } from "../instant.ts";

export interface Pause {
  /** Seconds still to wait, 0 when calls may go out. */
  readonly remaining: (id: string) => number;
  readonly begin: (id: string, seconds: number) => void;
}

export const createPause = (clock: Clock): Pause => {
  const until = new Map<string, number>();
  return {
    remaining: (id) => {
      const end = until.get(id);
      if (end === undefined) return 0;
      const left = Math.ceil((end - clock().getTime()) / 1000);
      if (left > 0) return left;
      until.delete(id);
      return 0;
    },
    begin: (id, seconds) => {
      until.set(id, Math.max(until.get(id) ?? 0, clock().getTime() + seconds * 1000));
    },
  };
};

/** For servers without limits. */
export const neverPause: Pause = { remaining: () => 0, begin: () => {} };
