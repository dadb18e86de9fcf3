/** Contexts of the statistics' pages with every field filled in. */
import { statisticAnswer } from "../../views/index.ts";

export function statisticSamples(hostile: string) {
  const notices = [`A notice ${hostile}`];
  // Estimate, test, relative effect, a curve, a table and a warning.
  const answer = statisticAnswer({
    kind: "finding",
    estimate: {
      kind: "estimate",
      value: 0.29,
      interval: { lower: 0.045, upper: 0.535, level: 0.95 },
      standardError: 0.125,
      method: `Welch ${hostile}`,
      n: 6868,
      assumptions: [],
    },
    test: { name: "t", statistic: 2.32, degreesOfFreedom: 5841.7, pValue: 0.02, alternative: "two-sided", nullValue: 0 },
    relative: {
      kind: "estimate",
      value: 0.7073,
      interval: { lower: 0.09, upper: 1.6, level: 0.95 },
      method: "Fieller",
      n: 6868,
      assumptions: [],
    },
    logRatio: { kind: "undetermined", reason: "the set reaches 0", wouldDetermine: "more units" },
    details: {
      capped: 3,
      isCapped: true,
      looks: [1, 2],
      words: ["a", hostile],
      powerCurve: [
        { unitsAGroup: 100, power: 0.2 },
        { unitsAGroup: 200, power: 0.5 },
        { unitsAGroup: 400, power: 0.9 },
      ],
      curveAt: [200, 0.5],
      boundaries: [
        { look: 1, z: 4.3 },
        { look: 2, z: 2 },
      ],
    },
    warnings: [`heavy tails ${hostile}`],
  });

  const field = {
    path: "control.successes",
    label: "Successes",
    about: "Units with the property",
    decides: false,
    value: "41",
    choices: [] as { value: string; isChosen: boolean }[],
    problem: "",
  };

  const spare = {
    summary: `May be given too: pooled ${hostile}`,
    isOpen: true,
    fields: [
      { ...field, path: "pooled", kind: "choice" as const, value: "", choices: [{ value: "", isChosen: true }] },
      { ...field, path: "rho", kind: "number" as const },
    ],
  };

  /** The same fields elsewhere in the input. */
  const moved = <Field extends { readonly path: string }>(place: string, fields: readonly Field[]): readonly Field[] =>
    fields.map((one) => ({ ...one, path: `${place}.${one.path}` }));

  return {
    statistics: [
      { notices, families: [{ title: "Means", statistics: [{ name: "welch-means", title: `Welch ${hostile}`, summary: "Two means." }] }] },
    ],
    statistic: [
      {
        notices,
        name: "welch-means",
        title: `Welch ${hostile}`,
        family: "Means",
        summary: "Two means.",
        formula: `(a − b) / s ${hostile}`,
        assumptions: ["units are independent"],
        source: "Welch (1947)",
        references: ["means.json (R)"],
        groups: [
          {
            title: "Control",
            about: "Raw values",
            fields: [
              { ...field, kind: "number" as const, problem: `'control.successes' must be a number ${hostile}` },
              { ...field, path: "level", kind: "choice" as const, decides: true, choices: [{ value: "0.95", isChosen: true }] },
              { ...field, path: "values", kind: "list" as const },
              { ...field, path: "rows", kind: "json" as const, value: hostile },
              { ...field, path: "name", kind: "text" as const },
            ],
            spare,
          },
        ],
        more: {
          summary: `More: looks ${hostile}`,
          isOpen: true,
          groups: [
            {
              title: `Looks ${hostile}`,
              about: hostile,
              fields: moved("looks", spare.fields),
              spare: { ...spare, fields: moved("spending", spare.fields) },
            },
          ],
        },
        asksAnew: true,
        problems: [{ field: "level", message: `'level' is wrong ${hostile}`, cure: "Mend it." }],
        answer,
        json: `{"a": "${hostile}"}`,
      },
      {
        notices,
        name: "welch-means",
        title: "Welch",
        family: "Means",
        summary: "Two means.",
        formula: "x",
        assumptions: ["units are independent"],
        source: "Welch (1947)",
        references: ["means.json (R)"],
        groups: [],
        more: { summary: "More: looks", isOpen: false, groups: [] },
        asksAnew: false,
        problems: [],
        answer: statisticAnswer({ kind: "undetermined", reason: "no unit", wouldDetermine: "one" }),
        json: "{}",
      },
    ],
  };
}
