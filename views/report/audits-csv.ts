/** Audits, late labels and appeals as rows of the long table. */
import type { Audits } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { Cell } from "./report.ts";

type Row = Readonly<Record<string, Cell>>;

/** Empty in comparisons without these figures. `estimateOf`: how the table writes an estimate. */
export function auditRows(audits: Audits | undefined, estimateOf: (estimated: Estimated) => Row): readonly Row[] {
  if (audits === undefined) return [];
  return [...appealRows(audits, estimateOf), ...arrivalRows(audits, estimateOf), ...seriesRows(audits, estimateOf), ...planRows(audits)];
}

function appealRows({ appeals }: Audits, estimateOf: (estimated: Estimated) => Row): readonly Row[] {
  if (appeals === undefined) return [];
  return [appeals.baseline, appeals.candidate].flatMap(({ version, curve }) =>
    curve.map(({ odds, falseShare }) => ({
      section: "appeals",
      figure: "false-share",
      version,
      date: appeals.at,
      group: `fine : harmful appeal odds ${odds}`,
      ...estimateOf(falseShare),
      definition: "Fine among the held adverse, given the appeal odds.",
    })),
  );
}

function arrivalRows({ arrivals }: Audits, estimateOf: (estimated: Estimated) => Row): readonly Row[] {
  return arrivals.flatMap(({ source, dates }) =>
    dates.flatMap(({ at, fine, harmful, both }) =>
      Object.entries({ fine, harmful, all: both }).flatMap(([says, { known, expected }]) => {
        const key = { section: "labels", date: at, group: source };
        return [
          {
            ...key,
            figure: `${says}, known`,
            value: known,
            method: "count",
            definition: "Labels about the date known by the known-at day.",
          },
          { ...key, figure: `${says}, expected`, ...estimateOf(expected), definition: "Labels about the date expected in the end." },
        ];
      }),
    ),
  );
}

function seriesRows({ series }: Audits, estimateOf: (estimated: Estimated) => Row): readonly Row[] {
  return series.flatMap(({ source, dates }) =>
    dates.flatMap(({ at, isMature, baseline, candidate, change }) => {
      const key = { section: "series", date: at, group: source, definition: isMature ? "Mature." : "Not mature." };
      return [
        { ...key, figure: "false-positive-rate", version: "baseline", ...estimateOf(baseline.rate) },
        { ...key, figure: "false-positive-rate", version: "candidate", ...estimateOf(candidate.rate) },
        { ...key, figure: "false-positive-rate, change", ...estimateOf(change) },
      ];
    }),
  );
}

function planRows({ plan, holdout }: Audits): readonly Row[] {
  const strata = (plan?.strata ?? []).flatMap(({ group, size, entities, audits }) => {
    const key = {
      section: "audit-plan",
      tier: group,
      group: size,
      method: "count",
      definition: "By adverse under baseline and candidate.",
    };
    return [
      { ...key, figure: "entities", value: entities },
      { ...key, figure: "audits", value: audits },
    ];
  });
  const figures =
    plan === undefined
      ? []
      : (["change", "baseline", "candidate"] as const).map((name) => ({
          section: "audit-plan",
          figure: `expected half-width, ${name}`,
          value: plan[name].halfWidth,
          level: plan.goal.level,
          n: plan.audits,
          method: "stratified ratio, linearised",
          definition: "Half-width of the interval of the false-positive figure that the audits would give.",
        }));
  const held = ["adverse", "wanted", "allowed", "size"] as const;
  const rest = holdout === undefined ? [] : held.map((figure) => ({ section: "holdout", figure, value: holdout[figure], method: "count" }));
  return [...strata, ...figures, ...rest];
}
