// The commands as a table in Markdown, made from the catalogue, for the documentation.
import { allCommands, commandLine, usageOf } from "./catalogue.ts";

const WHO = { approver: "approvers", writer: "everyone with write access" } as const;

const cell = (text: string): string => text.replaceAll("|", "\\|");

export const commandTable = (): string =>
  [
    "| command | what it does | who may | for example |",
    "| --- | --- | --- | --- |",
    ...allCommands().map(({ name, help, who, examples }) => {
      const shown = examples.map((example) => `\`${commandLine(null, example)}\``).join(", ");
      return `| \`${cell(usageOf(name, null))}\` | ${cell(help)} | ${WHO[who]} | ${shown} |`;
    }),
  ].join("\n");
