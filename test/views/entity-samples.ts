/** What the pages about one entity are told, with hostile words wherever a policy, a file or a name may bring them. */
import type { EntityEvent, EntityLetterContext, EntityMetric, EntityRestore, RunSummary } from "../../views/index.ts";

type Full<T> = T extends readonly (infer Item)[]
  ? readonly Full<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]-?: Full<T[Key]> }
    : T;

/** A name that is written from right to left, with a sign that would turn what follows around. */
export const rightToLeft = "متجر الأمل \u202e 42";

/** Metrics under two versions over these periods; `hostile` stands in each text. */
export function entityMetricSamples(periods: readonly string[], hostile: string): readonly Full<EntityMetric>[] {
  const versionsOf = (step: number) =>
    (["baseline", "candidate"] as const).map((role, index) => ({
      version: index === 0 ? "1.0.0" : "2.0.0",
      role,
      points: periods.map((period, place) => ({ period, value: 0.02 + place * step + index * 0.01, missing: "", volume: 40 + place })),
      lines: [
        { value: 0.04, words: `gold asks: late share is at most 4 % ${hostile}`, label: `gold ${hostile}`, kind: "tier" as const },
        { value: 0.15, words: `Dispatch 50 ${hostile}`, label: `scores 50 ${hostile}`, kind: "score" as const },
      ],
      said: `6.4 % ${hostile}`,
    }));
  return [
    { name: "late_rate", title: `Late share ${hostile}`, unit: "share", currency: "", versions: versionsOf(0.01) },
    { name: "sales", title: "Sales", unit: "money", currency: "USD", versions: versionsOf(10_000) },
  ];
}

/** Events of an entity. */
export function entityEventSamples(hostile: string): readonly Full<EntityEvent>[] {
  return [{ day: "2018-08-01", knownOn: "2018-08-03", kind: `Violation ${hostile}`, id: `v-1 ${hostile}`, points: 4 }];
}

/** What would restore. */
export function entityRestoreSamples(hostile: string): readonly Full<EntityRestore>[] {
  return [{ tier: `gold ${hostile}`, words: `gold asks: late share at most 4 %, not 6.4 % ${hostile}` }];
}

/** A letter's page. */
export function entityLetterSamples(run: Full<RunSummary>, entity: string, hostile: string): readonly Full<EntityLetterContext>[] {
  return [
    {
      notices: [],
      run,
      entity,
      version: "2.0.0",
      role: "candidate",
      versions: [
        { version: "1.0.0", role: "baseline", isShown: false },
        { version: "2.0.0", role: "candidate", isShown: true },
      ],
      title: `Seller performance ${hostile}`,
      parts: [
        { heading: `Your tier: watch ${hostile}`, sentences: [`You hold watch. ${hostile}`], items: [`Late share: 6.4 % ${hostile}`] },
      ],
      remarks: [`This version is not in force. ${hostile}`],
    },
  ];
}
