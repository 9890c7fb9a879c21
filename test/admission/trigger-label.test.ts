// Which label starts a delivery, also where the file that says so has problems.
import { expect, it } from "vitest";
import { isTriggerLabel } from "../../src/admission/trigger-label.ts";

const broken = "max_revisions: none\n";

it.each([
  ["the default, without a file", "countersign", null, true],
  ["without regard to case, as GitHub", "CounterSign", null, true],
  ["another, without a file", "bug", null, false],
  ["our own state label", "countersign:plan", null, false],
  ["the configured one", "ship it", "label: ship it\n", true],
  ["the default, where another is configured", "countersign", "label: ship it\n", false],
  ["the default, where the file says nothing of it", "countersign", "max_revisions: 1\n", true],
  ["the default, where the file is empty", "countersign", "", true],
  ["the named one of a file with problems", "ship it", `label: ship it\n${broken}`, true],
  ["the default of a file with problems that names another", "countersign", `label: ship it\n${broken}`, false],
  ["the default of a file with problems elsewhere", "countersign", broken, true],
  ["the default of a file whose label is unusable", "countersign", "label: [1, 2]\n", true],
  ["the default of a file that is no YAML", "countersign", "label: 'ship\n- it", true],
  ["any other of a file that is no YAML: nobody is answered for labels that mean something else", "bug", "{{{", false],
])("%s", (_name, label, text, is) => {
  expect(isTriggerLabel(label, text)).toBe(is);
});
