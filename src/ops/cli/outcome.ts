// What a command of the operator's tool answers: text for each stream, and an exit code. Printing is cli.ts's.

/** 0: all is well. 1: the answer is no. 2: the question could not be understood or answered. */
export type CliOutcome = Readonly<{ exitCode: 0 | 1 | 2; stdout: string; stderr: string }>;

export const printed = (stdout: string, exitCode: 0 | 1 = 0): CliOutcome => ({ exitCode, stdout, stderr: "" });

export const unusable = (stderr: string): CliOutcome => ({ exitCode: 2, stdout: "", stderr: `${stderr}\n` });
