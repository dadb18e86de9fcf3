/** The kinds of events of the random panel, and what policies can read of one. */
import type { EventKind } from "../../data/panel/index.ts";
import type { TextName, Vocabulary } from "./random-vocabulary.ts";

/** Texts that each field carries, now and then none at all. */
export const fieldTexts: Readonly<Record<string, readonly string[]>> = {
  severity: ["low", "high"],
  type: ["late", "fake", "it's", "Fake"],
  buyer: ["b1", "b2", "__proto__"],
};

/** Kinds with and without fields and points. */
export const events: readonly EventKind[] = [
  { name: "violation", title: "Violation", fields: ["severity", "type", "buyer"], points: true },
  { name: "defect", title: "Defect", fields: ["buyer", "type"] },
  { name: "appeal", title: "Appeal granted", fields: ["about", "type"] },
  { name: "quiz", title: "Quiz passed" },
  { name: "guarantee", title: "Guarantee paid", fields: ["severity"], points: true },
];

/** Names of the kinds. */
export const eventKinds: readonly string[] = events.map(({ name }) => name);

/** Fields of a kind. */
export function eventFields(kind: string): readonly string[] {
  return events.find(({ name }) => name === kind)?.fields ?? [];
}

/** What the `where` of events of a kind can read: fields of the event by their bare names, and parameters. */
export function eventVocabulary(kind: string, { numbers }: Vocabulary): Vocabulary {
  const texts = eventFields(kind).map((name): TextName => ({ to: "event", name, values: fieldTexts[name] ?? ["e0-0", "e0-1"] }));
  return {
    numbers: [...eventNumbers(kind), ...numbers.filter(({ to }) => to === "parameter")],
    texts,
    conditions: [],
    windows: [],
  };
}

/** Numbers of an event: its points, where the kind has them, and the how manieth it is. */
export function eventNumbers(kind: string): Vocabulary["numbers"] {
  const points = events.find(({ name }) => name === kind)?.points === true;
  return [
    { to: "event", name: "number", unit: "plain", ranked: false },
    ...(points ? [{ to: "event", name: "points", unit: "points", ranked: false } as const] : []),
  ];
}
