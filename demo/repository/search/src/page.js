const MOST_CHARACTERS = 60;

/** Where the shop has the page of a product; made of its name as the shop makes it. */
export function pageOf(name) {
  const last = name
    .toLowerCase()
    .replace(/[^a-z0-9\s-]/g, "")
    .trim()
    .replace(/[\s-]+/g, "-")
    .slice(0, MOST_CHARACTERS)
    .replace(/^-+|-+$/g, "");
  return `/p/${last || "product"}`;
}
