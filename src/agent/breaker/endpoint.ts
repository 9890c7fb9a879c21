// Which endpoint a call goes to, as all workers name it. Pure.
import { withoutDate } from "../prices.ts";

/**
 * Host, path and model without its date: a provider may have one model down and serve the others, and roles may have models of
 * their own. Names and passwords in an address are no part of it.
 */
export const endpointOf = (baseUrl: string, model: string): string => {
  const { host, pathname } = new URL(baseUrl);
  return `${host}${pathname.replace(/\/+$/, "")} ${withoutDate(model)}`;
};
