/** The parts of the form of a comparison, and the list of comparisons, with every field filled in. */
import type { PairedSummary, RunSummary } from "../../views/index.ts";

/** Periods of a year, texts, a kept comparison and what it will take. */
export function builderSample(hostile: string) {
  return {
    years: [{ year: "2018", periods: [{ day: "2018-08-26", isFrom: true, isTo: false }] }],
    first: "2017-09-03",
    last: "2018-08-26",
    grain: "week",
    segments: [
      { name: `region ${hostile}`, isChosen: true },
      { name: "size", isChosen: false },
    ],
    segmentsOf: `d ${hostile}`,
    baselineText: `programme: x # ${hostile}`,
    candidateTexts: [{ number: 1, text: `</textarea>${hostile}` }],
    canAddText: true,
    replicates: "200",
    level: "0.9",
    assumptions: `# ${hostile}`,
    presets: [{ name: `Every Monday ${hostile}`, words: `1.0.0 on d ${hostile}`, href: "/compare?preset=x", current: true }],
    presetName: `Every Monday ${hostile}`,
    estimate: {
      entities: 3054,
      entity: "seller",
      periods: 52,
      grain: "week",
      policies: 3,
      size: 476_424,
      segments: [`region ${hostile}`, "size"],
      words: `About 6 seconds ${hostile}`,
      stored: "r1",
    },
  };
}

/** As it is, and with a day in the place of a list of periods. */
export function builderVariants<Form extends { readonly years: readonly unknown[] }>(forms: readonly Form[]): readonly Form[] {
  return forms.flatMap((form) => [form, { ...form, years: [] }]);
}

/** A replay against a baseline in a list. */
export function pairedSample(hostile: string): PairedSummary {
  const dataset = { id: "demo-sellers-1", title: `Demo ${hostile}` };
  const named = { programme: `seller-performance ${hostile}`, baseline: `1.0.0 ${hostile}`, candidate: `2.0.0 ${hostile}` };
  return {
    id: "b1b2b3b4b5b6",
    ...named,
    dataset,
    from: "2024-12-29",
    to: "2025-09-28",
    engine: "warehouse",
    createdAt: "2025-10-01 09:30",
  };
}

/** Comparisons in every state, and replays. */
export function runsSamples<Run extends RunSummary>(hostile: string, notices: readonly string[], run: Run) {
  return [
    {
      notices,
      runs: (["done", "failed", "running", "queued", "cancelled"] as const).map((state) => ({ ...run, state })),
      states: [{ title: `All ${hostile}`, count: 120, href: "/runs", current: true }],
      page: { first: 51, last: 100, all: 120, before: "/runs", after: "/runs?page=3" },
      isOpen: true,
      paired: [pairedSample(hostile)],
      morePaired: 7,
    },
  ];
}
