// Values that several parts of the configuration take.
import { z } from "zod";

export const whole = (least: number, most: number) => z.int().min(least).max(most);

/** `on` and `off` are text to YAML 1.2 and booleans to editors that still speak 1.1: both are taken. */
export const onOff = z
  .union([z.enum(["on", "off"]), z.boolean()], { error: "must be on or off" })
  .transform((value) => value === true || value === "on");

/** GitHub's limit for the name of a label is 50 characters. */
export const label = z
  .string()
  .max(50)
  .regex(/^[^\s,\p{C}](?:[^,\p{C}]*[^\s,\p{C}])?$/u, "is not the name of a label");
