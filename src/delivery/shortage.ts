// Which limit stopped a model call before it was made, and what raises one: told to the machine, read by people. Pure.
import { z } from "zod";
import { Instant } from "../instant.ts";

/** `run` and `delivery` by the repository's configuration; `day` is the operator's, for all deliveries of an installation. */
const SCOPES = ["run", "delivery", "day"] as const;
export type Scope = (typeof SCOPES)[number];

/** `price`: money is limited, and nobody knows what the model costs. */
const UNITS = ["tokens", "money", "time", "price"] as const;
export type Unit = (typeof UNITS)[number];

/** Tokens, millionths of a US dollar, or milliseconds, by the unit; of `price`, millionths. */
export const Shortage = z
  .object({
    scope: z.enum(SCOPES),
    unit: z.enum(UNITS),
    limit: z.number().int().nonnegative(),
    /** Spent, or set aside for calls that are under way. */
    used: z.number().int().nonnegative(),
    /** The most that the next call may use; 0 where that is not known. */
    needed: z.number().int().nonnegative(),
    model: z.string().max(200),
    /** When the limit begins anew by itself; null where it does not. */
    until: Instant.nullable(),
  })
  .readonly();
export type Shortage = z.infer<typeof Shortage>;

const amount = z.number().int().nonnegative();

/**
 * What `/budget` adds to the limits of a delivery, one of them at a time: tokens, millionths of a US dollar, milliseconds. `most` is
 * what the limit may become at the highest, so that two commands at once do not pass the operator's ceiling together.
 */
export const Raise = z
  .object({ tokens: amount, micros: amount.default(0), ms: amount.default(0), most: amount.optional() })
  .readonly();
export type Raise = z.infer<typeof Raise>;
