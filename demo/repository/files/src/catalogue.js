import { slug } from "./slug.js";

/** Hands out addresses and sees to it that no two products share one. */
export class Catalogue {
  #taken = new Map();

  /** Returns the address of the new product's page. */
  add(name) {
    const base = slug(name) || "product";
    let address = base;
    for (let nth = 2; this.#taken.has(address); nth += 1) address = `${base}-${nth}`;
    this.#taken.set(address, name);
    return address;
  }

  nameAt(address) {
    return this.#taken.get(address) ?? null;
  }
}
