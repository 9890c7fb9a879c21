// Whether a place in a comment lies inside HTML that is still open there, such as a fold: commands in it do not count.

/** Elements with an end tag that GitHub renders, or that HTML gives a meaning of their own. `List<Foo>` is none of them. */
const ELEMENTS = new Set(
  (
    "a abbr article aside audio b bdi bdo big blockquote body button canvas caption center cite code colgroup data datalist dd del " +
    "details dfn dialog div dl dt em fieldset figcaption figure font footer form frameset h1 h2 h3 h4 h5 h6 h7 h8 head header html i " +
    "iframe ins kbd label legend li main map mark marquee math menu meter nav noembed noframes noscript object ol optgroup option output " +
    "p picture plaintext pre progress q rp rt ruby s samp script section select small span strike strong style sub summary sup svg table " +
    "tbody td template textarea tfoot th thead time title tr tt u ul var video xmp"
  ).split(" "),
);

/** HTML comments are not read, unless quotes in the same piece make it doubtful where they end. */
const withoutComments = (html: string): string =>
  html
    .split("-->")
    .map((piece) => {
      const start = piece.indexOf("<!--");
      return start < 0 ? piece : piece.slice(0, start);
    })
    .join(" ");

/**
 * True when some element is opened in these pieces of HTML and not closed again. In doubt it is open: end tags in a
 * piece with quotes do not count, for they may stand in an attribute.
 */
export const leavesOpen = (pieces: readonly string[]): boolean => {
  const open = new Map<string, number>();
  for (const piece of pieces) {
    const doubtful = /["']/.test(piece);
    for (const [, slash, name] of (doubtful ? piece : withoutComments(piece)).matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
      const element = (name ?? "").toLowerCase();
      if (!ELEMENTS.has(element)) continue;
      const count = open.get(element) ?? 0;
      if (slash === "") open.set(element, count + 1);
      else if (!doubtful && count > 0) open.set(element, count - 1);
    }
  }
  return [...open.values()].some((count) => count > 0);
};
