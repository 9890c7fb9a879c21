// What everybody could do: plain BM25 over whole files, and over regions of 40 lines, within the same budget.
import { bm25, words } from "./bm25.ts";

export type SourceFile = Readonly<{ path: string; blob: string; text: string }>;
export type Shown = ReadonlyMap<string, readonly (readonly [from: number, to: number])[]>;
export type Method = (message: string, files: readonly SourceFile[], budget: number) => Shown;

const REGION = 40;

type Piece = Readonly<{ path: string; from: number; to: number; tokens: number; words: readonly string[] }>;

const kept = new Map<string, readonly Piece[]>();

const piecesOf = ({ path, blob, text }: SourceFile, size: number): readonly Piece[] => {
  const key = `${size} ${blob} ${path}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const lines = text.split("\n");
  const pieces: Piece[] = [];
  for (let at = 0; at < lines.length; at += size) {
    const part = lines.slice(at, at + size).join("\n");
    const tokens = Math.ceil(part.length / 4);
    pieces.push({ path, from: at + 1, to: Math.min(at + size, lines.length), tokens, words: words(`${path} ${part}`) });
  }
  kept.set(key, pieces);
  return pieces;
};

const plain =
  (size: number): Method =>
  (message, files, budget) => {
    const pieces = files.flatMap((file) => piecesOf(file, size));
    const scores = bm25(
      words(message),
      pieces.map((piece) => piece.words),
    );
    const order = [...pieces.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    const shown = new Map<string, (readonly [number, number])[]>();
    let left = budget;
    for (const at of order) {
      const piece = pieces[at];
      if (piece === undefined || piece.tokens > left || (scores[at] ?? 0) <= 0) continue;
      left -= piece.tokens;
      shown.set(piece.path, [...(shown.get(piece.path) ?? []), [piece.from, piece.to]]);
    }
    return shown;
  };

export const bm25Files = plain(Number.MAX_SAFE_INTEGER);
export const bm25Regions = plain(REGION);
