const MOST_CHARACTERS = 60;

/** Turns a product's name into the last part of its address: lower-case letters, digits and single hyphens. */
export function slug(name) {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9\s-]/g, "")
    .trim()
    .replace(/[\s-]+/g, "-")
    .slice(0, MOST_CHARACTERS)
    .replace(/^-+|-+$/g, "");
}
