// HTML in Markdown as its readers see it: the names of its tags, and nothing that stands in them. Pure.

/** Closed or not, and the other things that no browser shows. */
export const HTML_COMMENT =
  /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<![A-Za-z][^>]*(?:>|$)/g;

const TAG = /<(\/?)([A-Za-z][A-Za-z0-9:_.-]*)(?![A-Za-z0-9:_.-])((?:[^>"']|"[^"]*"|'[^']*')*)>/g;
/** A tag whose quotes do not end, or that does not: browsers show nothing of it either. */
const BROKEN = /<(\/?)([A-Za-z][A-Za-z0-9:_.-]*)(?![A-Za-z0-9:_.-])[^<>]+(?:>|(?=<)|$)/g;
/** Attributes that can hide what stands between the tags. */
const HIDES = /(?:^|[\s"'/])(?:hidden|style|aria-hidden|color|width|height)\b/i;
/** `Array<string>` is code that somebody forgot to mark; a longer name is a sentence. */
const LONGEST_NAME = 40;

const FOLD: Readonly<Record<string, string>> = {
  "<details": "(a fold begins)",
  "</details": "(the fold ends)",
  // Browsers that know ruby texts, and so all, show nothing of these.
  "<rp": "(perhaps hidden:)",
  "</rp": "",
};

export const visibleHtml = (html: string): Readonly<{ text: string; hidden: number }> => {
  let hidden = 0;
  const text = html
    .replace(HTML_COMMENT, () => {
      hidden += 1;
      return "(hidden comment left out)";
    })
    .replace(TAG, (_all, slash: string, name: string, attributes: string) => {
      const said = attributes.replace(/\/$/, "").trim();
      if (said !== "" || (slash === "" && name.toLowerCase() === "rp")) hidden += 1;
      const fold = FOLD[`<${slash}${name.toLowerCase()}`];
      if (fold !== undefined) return fold;
      if (name.length > LONGEST_NAME) return "(hidden tag left out)";
      return `<${slash}${name}>${HIDES.test(said) ? "(perhaps hidden:)" : ""}`;
    })
    .replace(BROKEN, (_all, slash: string, name: string) => {
      hidden += 1;
      return `<${slash}${name}>`;
    });
  return { text, hidden };
};
