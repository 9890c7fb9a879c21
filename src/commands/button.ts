// What a button on a check run stands for: its identifier carries the decision and the code of the version it was shown with.
import { z } from "zod";

const Button = z.strictObject({
  name: z.enum(["approve", "reject"]),
  code: z.string().regex(/^[23456789abcdefghjkmnpqrstuvwxyz]{4,6}$/),
});
export type Button = z.infer<typeof Button>;

/** `approve:k7m2`. Null for anything else. */
export const parseButton = (identifier: string): Button | null => {
  const [name, code, ...rest] = identifier.split(":");
  const parsed = Button.safeParse({ name, code });
  return rest.length === 0 && parsed.success ? parsed.data : null;
};
