import { pageOf } from "./page.js";

/** Products whose name has the words in it, in their order, each with the address of its page. */
export function search(products, words) {
  const wanted = words.trim().toLowerCase();
  return products
    .filter((name) => name.toLowerCase().includes(wanted))
    .map((name) => ({ name, page: pageOf(name) }));
}
