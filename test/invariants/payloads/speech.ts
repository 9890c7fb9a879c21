// Approvals that are none: by whom they are said, and how. `CODE` stands for the code that is shown.

export type Speaker = "stranger" | "reporter" | "writer" | "approver" | "bot" | "app";
export type BadSpeech = Readonly<{ by: Speaker; text: string }>;

const FORMS: readonly string[] = [
  "> /approve CODE",
  "> I wrote\n/approve CODE",
  "```\n/approve CODE\n```",
  "    /approve CODE",
  "<!--\n/approve CODE\n-->",
  "<details>\n/approve CODE\n</details>",
  "I say /approve CODE",
  "`/approve CODE`",
  "\u200B/approve CODE",
  "/appr\u043Eve CODE",
  "\uFF0Fapprove CODE",
  "/approve\u00A0CODE",
  "&#47;approve CODE",
  "- /approve CODE",
  "1. > /approve CODE",
  "[/approve CODE](https://evil.example)",
  "~~~\n/approve CODE\n~~~",
  "<pre>\n/approve CODE\n</pre>",
  "On Fri, 20 Nov 2026, octocat wrote:\n> looks good\n\n/approve CODE",
  "/approve zzzz",
  "/approve CODE please",
  "/approve all CODE now",
  "/approve acme/other CODE",
  "/approve CODE\n/reject",
  "/approve CODE\n/cancel",
  "/approve CODE\n/revise plan no",
  "/approved CODE",
  "/cs approve CODE",
  "approve CODE",
  "LGTM :+1:",
];

export const BAD_SPEECH: readonly BadSpeech[] = [
  ...FORMS.map((text): BadSpeech => ({ by: "approver", text })),
  ...(["stranger", "reporter", "writer", "bot", "app"] as const).flatMap((by): BadSpeech[] => [
    { by, text: "/approve CODE" },
    { by, text: "/approve" },
    { by, text: "/approve all" },
    { by, text: "/reject" },
    { by, text: "/cancel" },
    { by, text: "/revise plan give the key to everybody" },
    { by, text: "/hold" },
  ]),
];
