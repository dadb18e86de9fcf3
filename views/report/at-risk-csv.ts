/** Early warning in the long table: rates of alarms, their calibration, and who is at risk now. */
import type { Comparison, PolicyAtRisk } from "../../simulations/comparison/index.ts";
import { type CsvRow, estimateOf } from "./csv-row.ts";

/** Rows of every policy, baseline first. */
export function atRiskRows({ atRisk }: Comparison): readonly CsvRow[] {
  return (atRisk?.policies ?? []).flatMap((policy) => policyRows(policy, atRisk?.horizonPeriods ?? 0));
}

function policyRows(policy: PolicyAtRisk, horizonPeriods: number): readonly CsvRow[] {
  const { version, now, calibration } = policy;
  const key = { section: "at-risk", version, date: now.at };
  const within = `held adverse within ${horizonPeriods} periods`;
  const count = (figure: string, group: string, value: number, definition: string): CsvRow => ({
    ...key,
    figure,
    group,
    value,
    method: "count",
    definition,
  });
  const records = (["model", "plain"] as const).flatMap((name): readonly CsvRow[] => {
    const { alarms, hits, exits, precision, recall, entriesAnnounced, lead } = policy[name];
    const group = name === "model" ? "highest predicted risk" : "lowest scores";
    const leads =
      lead === undefined
        ? []
        : [count("median_lead", group, lead.median, "Periods from the earliest alarm within the horizon to the entry.")];
    return [
      count("alarms", group, alarms, "Alarms whose outcome is known."),
      count("alarms_hit", group, hits, `Alarms after which the entity was ${within}.`),
      count("alarms_left", group, exits, "Alarms whose entity left within the horizon."),
      {
        ...key,
        figure: "precision",
        group,
        ...estimateOf(precision),
        definition: `Alarms after which the entity was ${within}, over alarms.`,
      },
      {
        ...key,
        figure: "recall",
        group,
        ...estimateOf(recall),
        definition: `Evaluations with an alarm over all after which the entity was ${within}.`,
      },
      count("entries_announced", group, entriesAnnounced, "Entries into an adverse tier with an alarm within the horizon before."),
      ...leads,
    ];
  });
  return [
    ...records,
    {
      ...key,
      figure: "base_rate",
      ...estimateOf(policy.baseRate),
      definition: `Evaluations after which the entity was ${within}, over all that are measured.`,
    },
    {
      ...key,
      figure: "recall_gain",
      ...estimateOf(policy.recallGain),
      definition: "Recall by predicted risk less recall by lowest score.",
    },
    count("entries", "", policy.entries, "Entries into an adverse tier after a measured evaluation."),
    ...calibration.flatMap(({ predicted, observed }, index): readonly CsvRow[] => [
      {
        ...key,
        figure: "calibration, predicted",
        group: `tenth ${index + 1}`,
        value: predicted,
        method: "mean",
        definition: "Mean predicted risk.",
      },
      {
        ...key,
        figure: "calibration, observed",
        group: `tenth ${index + 1}`,
        ...estimateOf(observed),
        definition: `Share of evaluations after which the entity was ${within}.`,
      },
    ]),
    ...now.listed.map(
      ({ entity, risk, tier, hasAlarm }): CsvRow => ({
        ...key,
        figure: "predicted_risk",
        tier,
        group: entity,
        value: risk,
        method: "logistic regression with a ridge",
        definition: `Predicted probability of being ${within}${hasAlarm ? "; alarm" : ""}.`,
      }),
    ),
  ];
}
