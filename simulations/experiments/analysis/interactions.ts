/** Two experiments on the same units: whether an effect here depends on the arm that a unit has there, and whether the two were dealt independently. */
import { countText } from "../../../data/foundation/index.ts";
import {
  type ArmEstimate,
  adjustPValues,
  alwaysValidEffect,
  type Compared,
  differenceFinding,
  type Estimated,
  effectOf,
  type Found,
  independence,
  sumOf,
  type Undetermined,
  undetermined,
  varianceOfPair,
} from "../../statistics/index.ts";
import { arePartsOf, type ExperimentMetric, shownForm } from "../design/experiment-design.ts";
import type { ConcurrentGroups, GroupMoments, Observations } from "../observations/observations.ts";
import type { HealthCheck, Interaction, Interactions } from "./analysis.ts";
import { tunedForOf } from "./evidence.ts";
import { isLastLook, type Judge } from "./judged.ts";
import { compareMetric, outcomeValue } from "./metric-comparison.ts";

/** Below this chance, over all tests together, an interaction asks for care; and deals that are so unlikely to be independent stop. */
const [interactionCare, dependenceStop] = [0.01, 0.001];

/**
 * For each primary metric and candidate, and each candidate of each other experiment: the effect among units that are under it there, less the effect among units of that
 * experiment's control. Both rest on different units, so that variances add and degrees of freedom are Satterthwaite's over the four cells (shares by the normal); p-values are adjusted by Holm over
 * all. At the plan's one or last look by t, at others by what holds at every look. Undefined where no other experiment shares units.
 */
export function interactionsOf(judge: Judge, { concurrent = [] }: Pick<Observations, "concurrent">): Interactions | undefined {
  if (concurrent.length === 0) return undefined;
  const { metrics, arms } = judge.design;
  const rows = concurrent.flatMap((other) => {
    const control = other.groups.find(({ value }) => value === other.control);
    return other.groups
      .filter((group) => group !== control)
      .flatMap((group) =>
        arms
          .slice(1)
          .flatMap((arm, place) =>
            metrics.flatMap((metric, index): readonly Interaction[] =>
              metric.role === "primary" && metric.form.kind !== "quantile"
                ? [rowOf(judge, { other, metric, index, arm: arm.name, place: place + 1, cells: [control, group] })]
                : [],
            ),
          ),
      );
  });
  const tested = rows.flatMap(({ pValue }) => pValue ?? []);
  const adjusted = adjustPValues(tested, "holm");
  let at = 0;
  const told = rows.map((row): Interaction => (row.pValue === undefined ? row : { ...row, adjustedPValue: adjusted[at++] as number }));
  const overlaps = concurrent.map((other) => overlapOf(judge, other));
  return { overlaps, rows: told, finding: findingOf(judge, told, overlaps), words: wordsOf(judge, tested.length) };
}

interface Asked {
  readonly other: ConcurrentGroups;
  readonly metric: ExperimentMetric;
  readonly index: number;
  readonly arm: string;
  readonly place: number;
  /** The other experiment's control and candidate. */
  readonly cells: readonly [GroupMoments | undefined, GroupMoments];
}

function rowOf(judge: Judge, { other, metric, index, arm, place, cells }: Asked): Interaction {
  const { level } = judge.design;
  const sides = cells.map((cell) => {
    const [control, treatment] = [cell?.arms[0]?.metrics[index], cell?.arms[place]?.metrics[index]];
    if (control === undefined || treatment === undefined) return { n: 0, values: [], effect: nobody, shown: nobody };
    const compared = compareMetric(metric, { control, treatment });
    const found = compared.finding(level);
    return {
      n: control.n + treatment.n,
      values: [outcomeValue(metric, control), outcomeValue(metric, treatment)],
      effect: effectIn(compared, control.n + treatment.n),
      shown: found.kind === "finding" ? found.estimate : found,
    };
  }) as unknown as readonly [Side, Side];
  const [under, within] = sides;
  const units = under.n + within.n;
  const found = contrastOf(judge, under.effect, within.effect, units);
  const values = sides.flatMap((side) => side.values);
  return {
    experiment: other.experiment,
    metric: metric.name,
    title: metric.title,
    arm,
    form: shownForm(metric),
    ...(arePartsOf(metric, values) ? { isPart: true as const } : {}),
    otherControl: other.control,
    otherArm: cells[1].value,
    units,
    underControl: under.shown,
    underCandidate: within.shown,
    interaction: found.kind === "finding" ? found.estimate : found,
    ...(found.kind === "finding" && found.test !== undefined ? { pValue: found.test.pValue } : {}),
  };
}

interface Side {
  readonly n: number;
  readonly values: readonly (number | undefined)[];
  readonly effect: ArmEstimate | Undetermined;
  readonly shown: Estimated;
}

const nobody = undetermined("no unit is in both of these arms", "units that are in both experiments");

function effectIn({ pair, degreesOfFreedom }: ReturnType<typeof compareMetric>, n: number): ArmEstimate | Undetermined {
  if ("kind" in pair) return pair;
  return {
    value: pair.treatment - pair.control,
    standardError: Math.sqrt(varianceOfPair(pair)),
    degreesOfFreedom: degreesOfFreedom ?? Number.POSITIVE_INFINITY,
    n,
  };
}

function contrastOf(judge: Judge, control: ArmEstimate | Undetermined, treatment: ArmEstimate | Undetermined, units: number): Found {
  if ("kind" in control) return control;
  if ("kind" in treatment) return treatment;
  const { level } = judge.design;
  const effect: Compared = effectOf({
    control,
    treatment,
    method: "difference of effects, Welch-Satterthwaite over four cells",
    assumptions: ["both experiments deal units independently of each other"],
  });
  if (effect.kind === "undetermined") return effect;
  if (isLastLook(judge)) return differenceFinding(effect, { level, alternative: "two-sided" });
  const pair = {
    control: control.value,
    treatment: treatment.value,
    controlVariance: control.standardError ** 2,
    treatmentVariance: treatment.standardError ** 2,
  };
  const { degreesOfFreedom } = effect;
  return alwaysValidEffect(pair, units, {
    level,
    alternative: "two-sided",
    nullValue: 0,
    tunedFor: tunedForOf(judge.design),
    degreesOfFreedom,
  });
}

/** How many units are in both, and whether the two deals are independent: Pearson's chi-squared of arms here by arms there. */
function overlapOf({ design }: Judge, { experiment, groups }: ConcurrentGroups): Interactions["overlaps"][number] {
  const table = design.arms.map((_, arm) => groups.map((group) => group.arms[arm]?.units ?? 0));
  const found = independence({ table, statistic: "pearson", continuityCorrection: false, level: design.level });
  const pValue = found.kind === "finding" ? found.test?.pValue : undefined;
  return { experiment, units: sumOf(table.flat()), ...(pValue === undefined ? {} : { pValue }) };
}

function shownIn(judge: Judge, rows: readonly Interaction[]): readonly Interaction[] {
  return rows.filter(({ adjustedPValue }) => (adjustedPValue ?? 1) < 1 - judge.design.level);
}

function findingOf(judge: Judge, rows: readonly Interaction[], overlaps: Interactions["overlaps"]): string {
  const shown = shownIn(judge, rows);
  const lead = overlaps.map(({ experiment, units }) => `${countText(units)} units are in '${experiment}' as well`).join(", ");
  if (shown.length === 0) return `${lead}: that effects depend on the arm there is not shown, which is no evidence that they do not.`;
  const said = shown.map(
    ({ title, arm, otherArm, experiment }) => `the effect of ${arm} on ${title} is another for units under ${otherArm} of '${experiment}'`,
  );
  return `${lead}: ${said.join("; ")}.`;
}

function wordsOf(judge: Judge, tests: number): string {
  const how = isLastLook(judge) ? "" : "by what holds at every look, ";
  return `The difference is the effect among units under the other experiment's candidate less that among units of its control, ${how}adjusted by Holm over ${tests} such ${tests === 1 ? "test" : "tests"} of primary metrics; effects beside it are not adjusted. Effects of the scorecard are averages over the other experiment's arms as it deals them, which is what they come to only while both run. The plan does not name other experiments: what is found here is exploratory, and changes no answer of the rule.`;
}

/** One check: that deals are independent, then whether effects depend on each other. */
export function interactionChecks(interactions: Interactions | undefined): readonly HealthCheck[] {
  if (interactions === undefined) return [];
  const { overlaps, rows, finding } = interactions;
  const title = "Other experiments on the same units";
  const name = "other-experiments" as const;
  const tied = overlaps.filter(({ pValue }) => (pValue ?? 1) < dependenceStop);
  if (tied.length > 0)
    return [
      {
        name,
        title,
        state: "stop",
        finding: `Arms here and in ${tied.map(({ experiment }) => `'${experiment}'`).join(", ")} are not dealt independently of each other: what one does is mixed with what the other does.`,
        cure: "Deal each experiment by a salt of its own, or put both in parts of one layer that do not overlap.",
        pValue: Math.min(...tied.flatMap(({ pValue }) => pValue ?? [])),
      },
    ];
  const least = Math.min(1, ...rows.flatMap(({ adjustedPValue }) => adjustedPValue ?? []));
  const isCare = least < interactionCare;
  return [
    {
      name,
      title,
      state: isCare ? "care" : "sound",
      finding: isCare
        ? finding
        : `${overlaps.map(({ experiment, units }) => `${countText(units)} units are in '${experiment}' as well`).join(", ")}: that effects depend on the arm there is not shown at 1 %.`,
      cure: isCare
        ? "Decide about both together: an effect that was measured beside the other experiment need not be there without it."
        : "",
      pValue: least,
    },
  ];
}
