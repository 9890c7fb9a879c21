// The deploy gate as people read it: its comment, its check run, and the status while it is not ready, waits, and is watched.
import { describe, expect, it } from "vitest";
import { PullNumber } from "../../src/ids.ts";
import { ShipContent, shipDigest } from "../../src/shipping/content.ts";
import type { Missing } from "../../src/shipping/readiness.ts";
import { publicationsOf } from "../../src/thread/publications.ts";
import { shipComment } from "../../src/thread/render/ship.ts";
import { statusComment } from "../../src/thread/render/status.ts";
import { MERGES } from "./support/merges.ts";
import { at, OCTOCAT, PLACE, repository, SHOP, sha, shown, state, target, view } from "./support/world.ts";

const PULL = PullNumber.parse(57);
const content = ShipContent.parse({
  version: 1,
  merges: [
    {
      repoId: SHOP,
      pullRequest: 57,
      head: sha("head"),
      tree: sha("tree"),
      baseBranch: "main",
      method: "squash",
      message: { title: "Keep digits in slugs (#57)", body: "Two products had one address." },
    },
  ],
  deployments: [
    {
      repoId: SHOP,
      commit: "merge_commit",
      baseBranch: "main",
      environment: "production",
      requiredContexts: ["smoke"],
    },
  ],
});
const ship = { version: 1, digest: shipDigest(content), content, madeAt: at("11:00") };
const subject = {
  version: 1,
  digest: ship.digest,
  shown: shown("11:01"),
  approvals: [],
  approved: false,
  shipped: false,
};
const opened = target({ written: { head: sha("head"), tree: sha("tree"), pullRequest: PULL } });
const rest = { exitPhase: "observe", targets: [opened], ship: subject } as const;
const repositories = [repository({ pullRequest: PULL })];
const waiting = view(state("deploy", "succeeded", rest), { repositories, ships: [ship] });

describe("the comment of the deploy gate", () => {
  const text = shipComment(waiting, PLACE, ship, "mention");

  it("says in its first 400 characters what it is, whose turn it is, and the exact command", () => {
    const first = text.slice(0, 400);
    expect(first).toMatch(/^\*\*Ready to merge, please decide\*\*: \[acme\/shop#57\]/);
    expect(first).toContain("@octocat @mona");
    expect(first).toMatch(/\/approve [2-9a-z]{4,6}\n/);
  });

  it("says what is undone, what was green and who approves, before anybody decides", () => {
    const gate = MERGES.mergeOfARollbackReady;
    const open = shipComment(gate, PLACE, gate.ships[0], "mention");
    expect(open).toMatch(/^\*\*Ready to merge, please decide\*\*: .*, Undo `#51`: Keep digits in slugs \(merge 1/);
    expect(open).toContain("Undoes [D-11]");
    expect(open).toContain("Checks: 4 passed. Reviews: none approves.");
    const { mergeReady } = MERGES;
    const shows = shipComment(mergeReady, PLACE, mergeReady.ships[0], "mention");
    expect(shows).toContain("Reviews: `mona` approves.");
    expect(shows).toContain("`preview` ready: [p.example](https://p.example/x)");
  });

  it("leaves a long title to the list below, so that the command is read first", () => {
    const { mergeReady } = MERGES;
    const patchSets = mergeReady.patchSets.map((made) => ({
      ...made,
      text: { ...made.text, pullTitle: "word ".repeat(50) },
    }));
    const text = shipComment({ ...mergeReady, patchSets }, PLACE, mergeReady.ships[0], "mention");
    expect(text.slice(0, 400)).toMatch(/\/approve [2-9a-z]{4,6}\n/);
    expect(text).toContain("(word word");
  });

  it("says what is merged, how, and what is deployed", () => {
    expect(text).toContain("into `main`, squashed into one commit");
    expect(text).toContain("the merge commit of `acme/shop` to `production`, once `smoke` is green there");
    expect(text).toContain("Nothing is merged before.");
  });

  it("has another life once it is approved, and names what was replaced", () => {
    const approved = { ...subject, approvals: [OCTOCAT], approved: true };
    const done = view(state("observe", "pending", { ...rest, ship: approved }), { repositories, ships: [ship] });
    expect(shipComment(done, PLACE, ship, "name")).toMatch(/^\*\*Approved\.\*\* The merge follows\./);
    const newer = view(state("deploy", "succeeded", { ...rest, ship: null }), {
      repositories,
      ships: [ship, { ...ship, version: 2 }],
    });
    expect(shipComment(newer, PLACE, ship, "name")).toMatch(/^\*\*Replaced\*\* by merge 2\./);
  });

  it("is published with a check run on the head that is merged, and both show it", () => {
    const shows = publicationsOf(waiting, PLACE).flatMap((one) =>
      (one.kind === "comment" || one.kind === "check_run") && one.shows?.digest === ship.digest ? [one] : [],
    );
    expect(shows.map(({ key }) => key)).toEqual(["check:ship:1", "ship:1"]);
    const [run] = shows;
    expect(run?.kind === "check_run" ? run.draft : null).toMatchObject({
      name: "countersign / D-12 / merge 1",
      headSha: sha("head"),
      conclusion: "neutral",
    });
  });
});

describe("the status comment", () => {
  const notReady = (...missing: Missing[]) =>
    view(state("deploy", "running", { ...rest, ship: null }), {
      repositories,
      readiness: {
        pulls: [
          {
            repoId: SHOP,
            pullRequest: PULL,
            missing,
            previews: [
              {
                environment: "preview",
                state: "success",
                url: "https://p.example/x",
                by: "vercel[bot]",
                at: at("11:00"),
              },
              { environment: "odd", state: "failure", url: "https://p.example/](x)", by: "mona", at: at("11:00") },
            ],
          },
        ],
      },
    });

  it("says what is missing before the merge", () => {
    const text = statusComment(notReady({ kind: "draft" }, { kind: "reviews", have: 0, need: 2 }), PLACE);
    expect(text).toContain("it is a draft");
    expect(text).toContain("0 of the 2 approving reviews");
  });

  it("shows previews, and links no address that Markdown would take apart", () => {
    const text = statusComment(notReady({ kind: "queue" }), PLACE);
    expect(text).toContain("`preview` ready: [p.example](https://p.example/x)");
    expect(text).toContain("`odd` failed: `https://p.example/](x)`");
    expect(text).toContain("merging it is yours");
  });

  it("says what is watched after the merge, and how long", () => {
    const observed = {
      merges: [],
      since: at("11:10"),
      windowSeconds: 1_800,
      deployments: [{ environment: "production", state: "in_progress", url: null }],
      checks: { passed: 2, failed: 0, waiting: 1 },
    };
    const watching = view(state("observe", "running", { ...rest, ship: { ...subject, shipped: true } }), {
      repositories,
      ships: [ship],
      observed,
    });
    const text = statusComment(watching, PLACE);
    expect(text).toContain("1 check under way, 2 checks green");
    expect(text).toContain("`production` under way");
    expect(text).toContain("It is watched for 30 min from 21 Nov 11:10 UTC.");
  });
});
