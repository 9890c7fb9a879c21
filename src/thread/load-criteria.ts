// Which evidence stands for each criterion: as the checks were judged last, and what people accepted since.
import { z } from "zod";
import type { Sql } from "../db/database.ts";
import { acceptancesOf } from "../delivery/acceptances.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { Bound } from "../delivery/gates/criteria.ts";
import { instant } from "../instant.ts";
import type { CriterionView } from "./delivery-view.ts";
import { judgedG4 } from "./load-checks.ts";

const Judged = z.object({ criteria: z.array(Bound) });

/** Null before any check was judged, and where the evidence is of an older shape. */
export async function loadCriteria(sql: Sql, state: Delivery): Promise<readonly CriterionView[] | null> {
  const judged = Judged.safeParse(await judgedG4(sql, state));
  if (!judged.success) return null;
  const accepted = await acceptancesOf(sql, state.id);
  return judged.data.criteria.map((bound) => {
    const given = accepted.find(({ criterion }) => criterion === bound.id);
    return { ...bound, accepted: given === undefined ? null : { login: given.login, at: instant(given.at) } };
  });
}
