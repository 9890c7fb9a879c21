// Okapi BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, 2009) over plain words: the yardstick, not the product.

export const words = (text: string): string[] =>
  text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 2);

export function bm25(query: readonly string[], documents: readonly (readonly string[])[]): readonly number[] {
  const terms = new Set(query);
  const average = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length);
  const having = new Map<string, number>();
  const counts = documents.map((document) => {
    const count = new Map<string, number>();
    for (const word of document) if (terms.has(word)) count.set(word, (count.get(word) ?? 0) + 1);
    for (const word of count.keys()) having.set(word, (having.get(word) ?? 0) + 1);
    return count;
  });
  return counts.map((count, at) => {
    const long = 0.25 + (0.75 * (documents[at]?.length ?? 0)) / average;
    let score = 0;
    for (const [word, times] of count) {
      const rare = Math.log(1 + (documents.length - (having.get(word) ?? 0) + 0.5) / ((having.get(word) ?? 0) + 0.5));
      score += (rare * times * 2.2) / (times + 1.2 * long);
    }
    return score;
  });
}
