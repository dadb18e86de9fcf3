/** Windows, metrics, scores, ledgers and conditions in levels: what stands in one reads only what stands in those before it. */
import { present, unreachable } from "../../data/foundation/index.ts";
import {
  type Condition,
  type Expression,
  type Ledger,
  type Metric,
  type NamedWindow,
  namesRead,
  type Policy,
  type Score,
} from "../language/index.ts";

/** An entry of a policy that becomes columns. */
export type Section =
  | { readonly kind: "window"; readonly entry: NamedWindow }
  | { readonly kind: "metric"; readonly entry: Metric }
  | { readonly kind: "score"; readonly entry: Score }
  | { readonly kind: "ledger"; readonly entry: Ledger }
  | { readonly kind: "condition"; readonly entry: Condition };

/** The sections of a policy that SQL can express, each on the lowest level that it can stand on; else in file order. They never read each other in a circle. */
export function inLevels({ windows, metrics, scores, ledgers, conditions }: Policy): readonly (readonly Section[])[] {
  const sections: readonly Section[] = [
    ...windows.map((entry) => ({ kind: "window", entry }) as const),
    ...metrics.map((entry) => ({ kind: "metric", entry }) as const),
    ...scores.map((entry) => ({ kind: "score", entry }) as const),
    ...ledgers.map((entry) => ({ kind: "ledger", entry }) as const),
    ...conditions.map((entry) => ({ kind: "condition", entry }) as const),
  ];
  const byKey = new Map(sections.map((section) => [keyOf(section), section]));
  const levels = new Map<Section, number>();
  const levelOf = (section: Section): number => {
    const known = levels.get(section);
    if (known !== undefined) return known;
    const level = Math.max(-1, ...readBy(section).map((key) => levelOf(present(byKey.get(key), key)))) + 1;
    levels.set(section, level);
    return level;
  };
  const grouped: Section[][] = [];
  for (const section of sections) {
    const level = levelOf(section);
    grouped[level] = [...(grouped[level] ?? []), section];
  }
  return grouped;
}

function keyOf({ kind, entry }: Section): string {
  return `${kind} ${entry.name}`;
}

function readBy(section: Section): readonly string[] {
  switch (section.kind) {
    case "window":
      return [];
    case "metric": {
      const { entry } = section;
      if (entry.kind === "unbroken") return [`condition ${entry.condition}`];
      const window = "over" in entry && entry.over.kind === "named" ? [`window ${entry.over.name}`] : [];
      const asked =
        entry.kind === "value" ? entry.expression : entry.kind === "count" || entry.kind === "distinct" ? entry.where : undefined;
      return [...window, ...(asked === undefined ? [] : keysRead(asked))];
    }
    case "condition":
      return keysRead(section.entry.expression);
    case "ledger":
      return section.entry.lines.flatMap(({ when }) => (when === undefined ? [] : keysRead(when)));
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
  return (["metric", "score", "ledger", "condition"] as const).flatMap((kind) =>
    namesRead(expression, kind).map((name) => `${kind} ${name}`),
  );
}
