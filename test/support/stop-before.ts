// Stops the app between two of its calls, so that a story can let something happen just then.
import type { World } from "./world.ts";

export type Stop = Readonly<{
  /** Resolves when the app has come to the call, which then waits for `go`. */
  reached: Promise<void>;
  /** Lets the call be performed. */
  go: () => void;
}>;

/** The app's next such call waits. */
export function stopBefore({ github }: World, method: string, path: RegExp): Stop {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const run = (): Promise<void> => {
    reached.resolve();
    return released.promise;
  };
  github.faults.add({ method, path, app: "countersign" }, { kind: "meanwhile", run });
  return { reached: reached.promise, go: () => released.resolve() };
}
