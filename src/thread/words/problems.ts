// What is wrong with a configuration file, as a list that names the lines.
import { CONFIG_PATH } from "../../config/schema.ts";
import type { Sha } from "../../ids.ts";
import { codeSpan, inline } from "../defuse.ts";
import { shortSha } from "./phrase.ts";

/** `key` is dotted, and empty or missing where the file as a whole is meant. */
export type Problems = readonly Readonly<{ line: number | null; key?: string; message: string }>[];

const MOST_LISTED = 20;

/** A message may quote the file. */
const LONGEST_MESSAGE = 300;
const shortened = (message: string): string =>
  message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;

export const problemList = (problems: Problems): string => {
  const listed = problems.slice(0, MOST_LISTED).map(({ line, key, message }) => {
    const place = [line === null ? "" : `line ${line}`, key === undefined || key === "" ? "" : codeSpan(key)];
    const where = place.filter((part) => part !== "").join(", ");
    return `- ${where === "" ? "" : `${where}: `}${inline(shortened(message))}`;
  });
  const rest = problems.length - listed.length;
  return rest > 0 ? [...listed, `- and ${rest} more`].join("\n") : listed.join("\n");
};

export const configInvalid = (commit: Sha, problems: Problems): string =>
  `${codeSpan(CONFIG_PATH)} on the default branch (${shortSha(commit)}) cannot be used:\n\n${problemList(problems)}`;
