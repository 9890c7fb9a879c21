// Mermaid diagrams of the machine: the phases as a whole, and each with its statuses.
import { PHASES, type Phase } from "../delivery.ts";
import type { Edge } from "../explore.ts";
import { groupBy } from "./group-by.ts";

/** Of `/approve CODE, of the plan` and the like the diagram says `/approve`; tables say it all. */
const shortName = ({ example }: Edge): string =>
  (example.label.startsWith("/") ? /^\S+?(?=,|\s|$)/ : /^[^,]+/).exec(example.label)?.[0] ?? "";

const arrows = (edges: readonly Edge[], from: (edge: Edge) => string, to: (edge: Edge) => string): readonly string[] =>
  groupBy(
    edges.filter((edge) => from(edge) !== to(edge)),
    (edge) => `${from(edge)} --> ${to(edge)}`,
  ).flatMap((group) =>
    group
      .slice(0, 1)
      .map((edge) => `  ${from(edge)} --> ${to(edge)}: ${[...new Set(group.map(shortName))].join(", ")}`),
  );

const diagram = (lines: readonly string[]): string => ["```mermaid", "stateDiagram-v2", ...lines, "```"].join("\n");

export const phasesDiagram = (edges: readonly Edge[]): string =>
  diagram([
    "  direction LR",
    `  [*] --> ${PHASES[0]}`,
    ...arrows(
      edges,
      ({ from }) => from.phase,
      ({ to }) => to.phase,
    ),
    "  close --> [*]",
  ]);

/** The statuses of a phase; other phases are one box each. */
export const phaseDiagram = (edges: readonly Edge[], phase: Phase): string =>
  diagram(
    arrows(
      edges.filter(({ from }) => from.phase === phase),
      ({ from }) => from.runStatus,
      ({ to }) => (to.phase === phase ? to.runStatus : to.phase),
    ),
  );
