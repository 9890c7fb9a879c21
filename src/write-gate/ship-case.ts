// What is to be merged and deployed: the ship that the delivery's deploy gate showed and people approved, as its rows have it.
import type { Sql } from "../db/database.ts";
import type { ShipSubject } from "../delivery/delivery.ts";
import type { DeliveryId } from "../ids.ts";
import { loadShip, type StoredShip } from "../shipping/store.ts";
import { type NotWanted, refuse } from "./outcome.ts";
import { type CaseBase, loadBase } from "./write-case.ts";

export type ShipCase = CaseBase & Readonly<{ ship: StoredShip; subject: ShipSubject }>;

/** Throws WriteStop where what was approved is not what is stored, or names what the delivery does not have. */
export const loadShipCase = async (sql: Sql, id: DeliveryId, attempt: number): Promise<ShipCase | NotWanted> => {
  const base = await loadBase(sql, id, attempt, "ship");
  if (typeof base === "string") return base;
  const { delivery, issue } = base;
  const subject = delivery.ship;
  if (subject === null) return "other_work";
  const ship = await loadShip(sql, id, subject);
  if (ship === null) throw refuse("digest_differs", issue.repoId, "the stored merge is not the one that was approved");
  if (!subject.approved) throw refuse("not_approved", issue.repoId, "the gate is not open");
  for (const { repoId, pullRequest } of ship.content.merges) {
    const target = delivery.targets.find((one) => one.repoId === repoId);
    if (target?.written?.pullRequest !== pullRequest) {
      throw refuse("other_target", repoId, `#${pullRequest} is not a pull request of this delivery`);
    }
  }
  return { ...base, ship, subject };
};
