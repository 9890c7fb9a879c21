// Where a reply by mail stops being the person's own words and starts to quote. Mail clients that put no `>` before it
// would otherwise make an approval out of a quoted one.

/** Line ends of the sentence that mail clients put above a quotation, in the languages that GitHub itself speaks. */
const ATTRIBUTION =
  /(?:wrote|writes|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|kirjoitti|napisał\(a\)|написал\(?а?\)?|写道|のメッセージ|님이 작성)(?:\s.{0,300})?\s*[:：]\s*$/iu;
const SEPARATOR =
  /^-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht)\s*-{2,}\s*$/iu;
const FROM = /^\*{0,2}(?:from|von|de|da|van|från|fra|od|от|发件人|差出人)\s?[:：]/iu;
const HEADER =
  /^\*{0,2}(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|assunto|inviato|oggetto|verzonden|aan|onderwerp)\s?[:：]/iu;

/** What GitHub writes under every notification. */
const FOOTER = /reply to this email directly|you are receiving this because|view it on github/i;

export type QuotedMail =
  | Readonly<{ kind: "none" }>
  /** Everything from this offset on is quoted. */
  | Readonly<{ kind: "from"; offset: number }>
  /** A notification is quoted, and nothing shows where it begins. */
  | Readonly<{ kind: "somewhere" }>;

/** Rather too much than too little: a command below such a line is not applied. */
export const findQuotedMail = (text: string): QuotedMail => {
  const lines = text.split(/\r\n|\r|\n/);
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    const begins =
      SEPARATOR.test(line) ||
      (line.length < 500 && ATTRIBUTION.test(line)) ||
      (FROM.test(line) && lines.slice(index + 1, index + 4).some((next) => HEADER.test(next)));
    if (begins) return { kind: "from", offset };
    offset += line.length + (text.startsWith("\r\n", offset + line.length) ? 2 : 1);
  }
  return FOOTER.test(text) ? { kind: "somewhere" } : { kind: "none" };
};
