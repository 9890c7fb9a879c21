// How a merge or a deployment is asked for, and how that ends: everything that a person must know is an end, with what stands.
import type { DeliveryId } from "../ids.ts";
import type { WriteGateDeps } from "./index.ts";
import { type WriteEnd, WriteStop } from "./outcome.ts";
import { type Shipped, type ShipRun, shippedSoFar } from "./ship.ts";
import { loadShipCase, type ShipCase } from "./ship-case.ts";

/** `later`: nothing is wrong, and GitHub still waits for something. */
type ShipEnd = WriteEnd | Readonly<{ kind: "later" }>;

/** `shipped`: every pull request of the ship, whatever became of it. */
export type ShipOutcome = Readonly<{ end: ShipEnd; shipped: readonly Shipped[] }>;

export type ShipUse = (deliveryId: DeliveryId, attempt: number, signal?: AbortSignal) => Promise<ShipOutcome>;

export const shipUse =
  (deps: WriteGateDeps, use: (run: ShipRun) => Promise<"all" | "later">): ShipUse =>
  async (deliveryId, attempt, signal) => {
    let wanted: ShipCase | null = null;
    const ended = async (end: ShipEnd): Promise<ShipOutcome> => ({
      end,
      shipped: wanted === null ? [] : await shippedSoFar(deps, wanted),
    });
    try {
      const loaded = await loadShipCase(deps.db.sql, deliveryId, attempt);
      if (typeof loaded === "string") return await ended({ kind: "not_wanted", why: loaded });
      wanted = loaded;
      const done = await use({ deps, wanted, signal });
      return await ended({ kind: done === "later" ? "later" : "written" });
    } catch (error) {
      if (error instanceof WriteStop) return ended(error.end);
      throw error;
    }
  };
