// What GitHub keeps of the webhooks that it sent: the record that an app may ask for.

/** `status` is null where no answer came. */
export type Attempt = Readonly<{ id: number; at: Date; guid: string; status: number | null; error: string | null }>;
export type Webhook = {
  /** Order in which things happened. */
  readonly seq: number;
  readonly guid: string;
  readonly app: string;
  readonly event: string;
  readonly action: string | null;
  readonly body: string;
  readonly at: Date;
  readonly attempts: Attempt[];
  state: "waiting" | "held" | "dropped" | "sent";
};

export interface HookLog {
  readonly log: readonly Webhook[];
  /** Sends a recorded webhook again: a redelivery keeps its GUID, a replay of the signed body has another. */
  readonly replay: (hook: Webhook, under: "same" | "new") => void;
}
