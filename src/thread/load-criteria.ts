// Which evidence stands for each criterion: as the checks were judged last, and what people accepted since.
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { acceptancesOf } from "../delivery/acceptances.ts";
import { Bound } from "../delivery/gates/criteria.ts";
import type { DeliveryId } from "../ids.ts";
import { instant } from "../instant.ts";
import type { CriterionView } from "./delivery-view.ts";
import { newestG4 } from "./load-checks.ts";

const Judged = z.object({ criteria: z.array(Bound) });

/** Null before any check was judged, and where the evidence is of an older shape. */
export async function loadCriteria(sql: Sql, id: DeliveryId): Promise<readonly CriterionView[] | null> {
  const judged = Judged.safeParse(await newestG4(sql, id));
  if (!judged.success) return null;
  const accepted = await acceptancesOf(sql, id);
  return judged.data.criteria.map((bound) => {
    const given = accepted.find(({ criterion }) => criterion === bound.id);
    return { ...bound, accepted: given === undefined ? null : { login: given.login, at: instant(given.at) } };
  });
}
