/** The what-if page with every field filled in. */
import type { WhatIfAnswerContext } from "../../views/index.ts";

const tiers = [
  { name: "gold", adverse: false, unrated: false },
  { name: "standard", adverse: false, unrated: false },
  { name: "watch", adverse: true, unrated: false },
  { name: "unrated", adverse: false, unrated: true },
];

/** Figures of a hundred sellers at the end of two weeks. */
export function whatIfAnswerSample(hostile: string) {
  return {
    entity: "seller",
    grain: "week" as const,
    periods: ["2018-08-19", "2018-08-26"],
    baseline: {
      name: "1.0.0",
      tiers: [...tiers.slice(0, 3), { name: "closed", adverse: true, unrated: false }, ...tiers.slice(3)],
      held: [
        { gold: 18, standard: 60, watch: 10, closed: 2, unrated: 10 },
        { gold: 20, standard: 60, watch: 8, closed: 2, unrated: 10 },
      ],
    },
    candidate: {
      name: "2.0.0 moved",
      tiers,
      held: [
        { gold: 17, standard: 60, watch: 13, unrated: 10 },
        { gold: 17, standard: 61, watch: 13, unrated: 9 },
      ],
    },
    movement: {
      at: "2018-08-26",
      rows: ["gold", "standard", "watch", "closed", "unrated"],
      columns: tiers.map(({ name }) => name),
      matrix: [
        [16, 4, 0, 0],
        [1, 55, 4, 0],
        [0, 1, 7, 0],
        [0, 0, 2, 0],
        [0, 1, 0, 9],
      ],
      movers: 13,
      up: 4,
      down: 8,
      intoUnrated: 0,
      outOfUnrated: 1,
      inFrame: 100,
    },
    newlyAdverse: 4,
    released: 1,
    gmv: { currency: "USD", total: 1_000_000, atStake: 120_000, lower: 80_000, higher: 30_000, other: 10_000 },
    isMoved: true,
    changes: [{ path: "parameters.gold_line.value", words: `Gold asks for 90 ${hostile}`, direction: "stricter" as const }],
    text: `extends: 2.0.0\n# ${hostile}\n`,
    milliseconds: 34.2,
  } satisfies WhatIfAnswerContext;
}

/** One page with an answer and a fault beside a field. */
export function whatIfSamples(hostile: string) {
  return [
    {
      notices: [`Notice ${hostile}`],
      programme: "seller-performance",
      version: "2.0.0",
      title: `Seller performance ${hostile}`,
      policy: "seller-performance@2.0.0",
      baseline: "seller-performance@1.0.0",
      dataset: "demo",
      newer: { id: "demo-2", title: `Demo ${hostile}`, entity: "seller", entities: 12, to: "2018-08-26", href: "/what-if?dataset=demo-2" },
      from: "2017-09-03",
      to: "2018-08-26",
      policies: [{ reference: `seller-performance@2.0.0${hostile}`, isPolicy: true, isBaseline: true }],
      datasets: [{ id: "demo", title: `Demo ${hostile}`, selected: true }],
      parameters: [
        {
          name: "gold_line",
          id: "set.gold_line",
          title: `Gold asks for ${hostile}`,
          own: "88",
          value: `90 ${hostile}`,
          slider: { lower: 78, upper: 96, step: 0.2, unit: " %" },
          problem: `Stay within 78 to 96 ${hostile}`,
        },
      ],
      fixed: [`Claims ${hostile}`],
      problems: [
        { field: "version", message: `There already ${hostile}`, cure: "Choose another." },
        { field: "page", message: `Nothing is moved ${hostile}`, cure: "Move a parameter." },
      ],
      answer: whatIfAnswerSample(hostile),
      opening: { words: `Reading ${hostile}`, percent: 40 },
      save: { version: `2.1.0${hostile}`, title: `T ${hostile}`, rationale: `Why ${hostile}` },
    },
  ];
}
