// The message of our commit: the approved words, and trailers by which `git log` alone can tell who approved what. Pure.
import { type DeliveryId, type Digest, deliveryName, type UserId, type WriteId } from "../ids.ts";

export type Signatory = Readonly<{ id: UserId; login: string }>;

const RESERVED = /^\s*countersign-/im;

/** Whether approved words would pass for a trailer of ours. */
export const forgesTrailer = (text: string): boolean => RESERVED.test(text);

/** Logins cannot hold anything else; a row that does is shown by its number alone. */
const shown = (login: string): string => (/^[A-Za-z0-9_-]{1,100}(\[bot\])?$/.test(login) ? login : "unknown");

type Parts = Readonly<{
  headline: string;
  body: string;
  deliveryId: DeliveryId;
  writeId: WriteId;
  digest: Digest;
  signatories: readonly Signatory[];
}>;

const blocks = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join("\n\n");

export const commitMessage = ({ headline, ...rest }: Parts): string => blocks(headline, signedBody(rest));

/** What stands below the headline, where that is sent by itself. */
export const signedBody = (parts: Omit<Parts, "headline">): string => {
  const trailers = [
    `Countersign-Delivery: ${deliveryName(parts.deliveryId)}`,
    `Countersign-Write: ${parts.writeId}`,
    ...parts.signatories.map(({ login, id }) => `Countersign-Approved-By: ${shown(login)} ${id} ${parts.digest}`),
  ];
  return blocks(parts.body.trim(), trailers.join("\n"));
};
