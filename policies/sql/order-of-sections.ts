/** Metrics, scores and conditions in one order, each after what it reads. */
import { present, unreachable } from "../../data/foundation/index.ts";
import { type Condition, type Expression, type Metric, namesRead, type Policy, type Score } from "../language/index.ts";

/** An entry of a policy that becomes a column. */
export type Section =
  | { readonly kind: "metric"; readonly entry: Metric }
  | { readonly kind: "score"; readonly entry: Score }
  | { readonly kind: "condition"; readonly entry: Condition };

/** The sections that SQL can express; else in file order. They never read each other in a circle. */
export function inOrderOfUse({ metrics, scores, conditions }: Policy): readonly Section[] {
  const sections: readonly Section[] = [
    ...metrics.map((entry) => ({ kind: "metric", entry }) as const),
    ...scores.map((entry) => ({ kind: "score", entry }) as const),
    ...conditions.map((entry) => ({ kind: "condition", entry }) as const),
  ];
  const byKey = new Map(sections.map((section) => [keyOf(section), section]));
  const ordered = new Set<Section>();
  const place = (section: Section): void => {
    if (ordered.has(section)) return;
    for (const key of readBy(section)) place(present(byKey.get(key), key));
    ordered.add(section);
  };
  for (const section of sections) place(section);
  return [...ordered];
}

function keyOf({ kind, entry }: Section): string {
  return `${kind} ${entry.name}`;
}

function readBy(section: Section): readonly string[] {
  switch (section.kind) {
    case "metric":
      return section.entry.kind === "value" ? keysRead(section.entry.expression) : [];
    case "condition":
      return keysRead(section.entry.expression);
    case "score": {
      const { entry } = section;
      if (entry.kind === "curve") return [`${entry.from.to} ${entry.from.name}`];
      return entry.kind === "value" ? keysRead(entry.expression) : entry.parts.map(({ score }) => `score ${score}`);
    }
    default:
      return unreachable(section);
  }
}

function keysRead(expression: Expression): readonly string[] {
  return (["metric", "score", "condition"] as const).flatMap((kind) => namesRead(expression, kind).map((name) => `${kind} ${name}`));
}
