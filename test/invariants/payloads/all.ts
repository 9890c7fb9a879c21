// Every table of words.
import { AUTHORITY } from "./authority.ts";
import { CLOSINGS } from "./closings.ts";
import { DISGUISES } from "./disguises.ts";
import { FENCES } from "./fences.ts";
import { FORGERY } from "./forgery.ts";
import { HIDDEN } from "./hidden.ts";
import { HTML } from "./html.ts";
import { IMAGES } from "./images.ts";
import { MENTIONS } from "./mentions.ts";
import { ORDERS } from "./orders.ts";
import type { Group } from "./payload.ts";
import { TRAILERS } from "./trailers.ts";

export const GROUPS: readonly Group[] = [
  MENTIONS,
  CLOSINGS,
  IMAGES,
  HTML,
  HIDDEN,
  FORGERY,
  ORDERS,
  FENCES,
  AUTHORITY,
  TRAILERS,
  DISGUISES,
];
