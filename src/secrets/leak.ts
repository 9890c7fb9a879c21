// The last look at what leaves: a text that holds a secret of this process is not sent, whoever put it together.

/** Says where it was going and never what it held. */
export class SecretLeak extends Error {
  override readonly name = "SecretLeak";
  constructor(where: string) {
    super(`nothing was sent to ${where}: the text holds a secret of this process`);
  }
}

export type FindsSecret = (text: string) => boolean;

/** Throws SecretLeak. */
export const refuseLeak = (finds: FindsSecret, where: string, text: string): void => {
  if (finds(text)) throw new SecretLeak(where);
};
