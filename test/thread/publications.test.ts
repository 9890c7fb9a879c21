// The order in which a delivery's publications are made.
import { describe, expect, test } from "vitest";
import type { DeliveryView } from "../../src/thread/delivery-view.ts";
import { STATUS } from "../../src/thread/key.ts";
import { publicationsOf } from "../../src/thread/publications.ts";
import { PLACE, STATIONS } from "./support/world.ts";

const commentKeys = (view: DeliveryView): readonly string[] =>
  publicationsOf(view, PLACE).flatMap(({ kind, key }) => (kind === "comment" ? [key] : []));

const without = (view: DeliveryView): DeliveryView => ({
  ...view,
  published: view.published.filter(({ key }) => key !== STATUS),
});

describe.each(Object.entries(STATIONS))("at %s", (_, view) => {
  test("a status that does not stand yet is posted before all other comments", () => {
    expect(commentKeys(without(view))[0]).toBe(STATUS);
  });

  test("one whose posting was begun and not confirmed is looked for before all other comments", () => {
    const begun = { ...view, published: [...without(view).published, { key: STATUS, id: null, url: null }] };
    expect(commentKeys(begun)[0]).toBe(STATUS);
  });

  test("one that stands is edited after all other comments", () => {
    const stands = { ...view, published: [...without(view).published, { key: STATUS, id: 9000, url: null }] };
    expect(commentKeys(stands).at(-1)).toBe(STATUS);
  });
});
