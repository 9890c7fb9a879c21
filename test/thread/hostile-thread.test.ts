// A model, an issue and a repository that write whatever they like: nothing of it acts, in any text that we publish.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlanDocument } from "../../src/artifacts/plan.ts";
import { DeliveryId, IssueNumber } from "../../src/ids.ts";
import type { DeliveryView } from "../../src/thread/delivery-view.ts";
import { markerOf, withMarker } from "../../src/thread/marker.ts";
import { publicationsOf } from "../../src/thread/publications.ts";
import { pullRequestText } from "../../src/thread/render/pull-request.ts";
import { fillTemplate } from "../../src/thread/render/template.ts";
import { runs } from "../support/runs.ts";
import { harmsOf, parseMarkdown } from "./support/harms.ts";
import { hostileText } from "./support/hostile.ts";
import { harmsOfOurs, textsOf, walk } from "./support/ours.ts";
import { DONE, digest, PLACE, PLAN, patchSet, plan, STATIONS, stopped } from "./support/world.ts";

const hostilePlan = (): fc.Arbitrary<PlanDocument> =>
  fc
    .record({ a: hostileText(), b: hostileText(), c: hostileText(), d: hostileText(), e: hostileText() })
    .map(({ a, b, c, d, e }) => ({
      ...PLAN,
      title: a || "x",
      cause: b,
      change: c,
      size: d,
      scope: [e, a],
      nonGoals: [b],
      architecture: [a, b, c].join("\n\n"),
      diagram: d,
      tasks: PLAN.tasks.map((task) => ({
        ...task,
        title: e,
        description: [c, d].join("\n"),
        files: [a || "x"],
        dependsOn: [b],
      })),
      criteria: [{ id: "AC-1", text: c, check: d }],
      qualityGates: [e],
      risks: [a],
      questions: [{ text: b, changesPlan: true }],
    }));

const hostileView = (): fc.Arbitrary<DeliveryView> =>
  fc.tuple(hostilePlan(), hostileText(), hostileText(), hostileText()).chain(([document, text, path, message]) => {
    const one = patchSet();
    const violations = [{ rule: text || "r", severity: "warn" as const, path, line: 3, message }];
    const hostilePatch = {
      ...one,
      violations,
      text: {
        ...one.text,
        commitHeadline: text,
        commitBody: message,
        pullTitle: path,
        pullBody: `${text}\n${message}`,
      },
      files: one.files.map((file) => ({
        ...file,
        path: path || "x",
        previousPath: message,
        tasks: [text],
        diff: `+${message}\n-${text}\n`,
      })),
    };
    const facts = { ...STATIONS.planReady.facts, note: message };
    const bring = (view: DeliveryView): DeliveryView => ({
      ...view,
      plans: view.plans.length === 0 ? [] : [plan(1, document)],
      newestPlan: document,
      patchSets: view.patchSets.length === 0 ? [] : [hostilePatch],
      blockedBy: violations,
      checks: [{ repoId: null, name: text, meaning: "failed", said: path, url: message }],
      triage: { decision: "NO_GO", reasons: [text || "x", message || "x"] },
      approvals: view.approvals.map((approval) => ({ ...approval, voided: message })),
      runs: view.runs.map((run) => ({ ...run, model: text || "m" })),
      facts: { ...view.facts, note: facts.note },
    });
    return fc.constantFrom(
      ...[
        ...Object.values(STATIONS),
        DONE,
        stopped("implement", "blocked", "policy"),
        stopped("plan", "blocked", "questions"),
        stopped("verify", "failed", "ci_red"),
        stopped("intake", "blocked", "no_go"),
        stopped("plan", "failed", "plan_incomplete"),
      ].map(bring),
    );
  });

test("no text of ours acts on what others wrote", () => {
  fc.assert(
    fc.property(hostileView(), (view) => {
      for (const one of publicationsOf(view, PLACE)) {
        for (const text of textsOf(one)) expect(harmsOfOurs(text)).toEqual([]);
      }
    }),
    runs(50),
  );
});

test("a marker that others copied is never behind ours", () => {
  const stolen = markerOf("key", "trace", "status");
  fc.assert(
    fc.property(hostileText(), (text) => {
      const [one] = publicationsOf(
        {
          ...STATIONS.planReady,
          plans: [plan(1, { ...PLAN, architecture: `${text}\n${stolen}\n${text}`, risks: [stolen] })],
        },
        PLACE,
      ).flatMap((each) => (each.kind === "comment" && each.key === "plan:1" ? [each] : []));
      const body = withMarker(one?.body ?? "", markerOf("key", "trace", "plan:1"));
      expect(body.trimEnd().endsWith(stolen)).toBe(false);
      let hidden = 0;
      walk(parseMarkdown(body), (node) => {
        if (node.type === "html" && node.value.includes("<!--")) hidden++;
      });
      expect(hidden).toBe(1);
    }),
    runs(50),
  );
});

test("nor does a pull request", () => {
  fc.assert(
    fc.property(hostilePlan(), hostileText(), hostileText(), (document, text, template) => {
      const made = pullRequestText({
        deliveryId: DeliveryId.parse(12),
        repository: "acme/shop",
        issue: { repository: "acme/shop", number: IssueNumber.parse(12), closes: true },
        plan: document,
        planDigest: digest("plan1"),
        summaries: [
          { task: "T1", text },
          { task: "T2", text: `${template} too` },
        ],
        files: patchSet().files,
        violations: [{ rule: text || "r", severity: "warn", path: text, line: 1, message: text }],
        template,
        siblings: null,
      });
      expect(made.pullBody.startsWith("Closes #12\n\n")).toBe(true);
      expect(harmsOf(made.pullBody.slice("Closes #12".length))).toEqual([]);
      expect(made.pullTitle).not.toMatch(/(?:^|[^A-Za-z0-9])@[A-Za-z0-9]|#\d|:\/\/|\n/);
      expect([...made.commitHeadline].length).toBeLessThanOrEqual(72);
      expect(made.commitBody).not.toMatch(/(?:^|[^A-Za-z0-9])@[A-Za-z0-9]|#\d|:\/\/|^countersign-\w+\s*:/im);
    }),
    runs(120),
  );
});

test("a template keeps its headings and boxes and loses its instructions", () => {
  const template = [
    "<!-- Thanks! Fill in everything. -->",
    "## Description",
    "<!-- what -->",
    "## How has this been tested?",
    "## Checklist",
    "- [x] I have read the rules",
    "- [ ] cc @acme/core",
  ].join("\n");
  const { text, unused } = fillTemplate(template, { why: "W", scope: "S", changes: "C", tests: "T", risks: "R" });
  expect(text).toMatchInlineSnapshot(`
    "## Description

    W

    ## How has this been tested?

    T

    ## Checklist

    - [ ] I have read the rules
    - [ ] cc \`@acme/core\`"
  `);
  expect(unused).toEqual({ scope: "S", changes: "C", risks: "R" });
});
