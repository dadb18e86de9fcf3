/** Is the experiment sound? Judged before any effect is read: what fails here gates the scorecard. */
import { countText, present } from "../../../data/foundation/index.ts";
import {
  type Found,
  normalStatistic,
  sampleRatio,
  sampleRatioExact,
  sequentialSampleRatio,
  varianceOfPair,
} from "../../statistics/index.ts";
import { analysedDesign, type ExperimentDesign, type ExperimentMetric, unitsOfCluster } from "../design/experiment-design.ts";
import type { MetricMoments, Observations } from "../observations/observations.ts";
import { partByArm } from "../observations/part-by-arm.ts";
import type { Health, HealthCheck, HealthState, Interactions } from "./analysis.ts";
import { clusterCheck, crossoverCheck, misassignedCheck, movedCheck, setAsideCheck } from "./dealt-health.ts";
import { exposureCheck, exposureDayChecks, noveltyChecks, type TriggeredCandidate, triggerChecks } from "./exposure-health.ts";
import { interactionChecks } from "./interactions.ts";
import { judgedUnits, thereWords } from "./judged-units.ts";
import { compareMetric } from "./metric-comparison.ts";
import type { SinceExposure } from "./novelty.ts";
import { healthOf } from "./stopped.ts";
import { summaryChecks } from "./summary-health.ts";
import { absentDayChecks, belowZeroChecks, constantChecks, strataChecks } from "./value-health.ts";
import { windowChecks } from "./windows.ts";

/** A sample ratio that is less likely than this under the plan stops the analysis; below the second it asks for care. */
const sampleRatioStop = 0.001;
const sampleRatioCare = 0.01;
/** Rows that cannot be read, as a share of all. */
const rejectedStop = 0.05;
const missingApart = 0.001;
const fewUnits = 100;
/** A single unit with so large a part of its arm's sum deserves to be looked at. */
const extremeShare = 0.01;

/** All checks, the worst first among equals of the list's own order. */
export function judgeHealth(
  design: ExperimentDesign,
  observed: Observations,
  {
    sinceExposure = [],
    triggered = [],
    interactions,
  }: {
    readonly sinceExposure?: readonly SinceExposure[];
    readonly triggered?: readonly TriggeredCandidate[];
    readonly interactions?: Interactions | undefined;
  } = {},
): Health {
  const checks = [
    ratioCheck(design, observed),
    ...setAsideCheck(observed),
    ...clusterCheck(design, observed),
    ...sequentialCheck(design, observed),
    ...crossoverCheck(design, observed),
    ...movedCheck(design, observed),
    ...misassignedCheck(observed),
    ...rejectedCheck(observed),
    ...repeatedCheck(observed),
    ...summaryChecks(design, observed),
    ...missingChecks(design, observed),
    ...windowChecks(design, observed),
    ...constantChecks(analysedDesign(design), observed),
    ...belowZeroChecks(observed),
    ...strataChecks(design, observed),
    ...absentDayChecks(design, observed),
    ...exposureCheck(design, observed),
    ...exposureDayChecks(design, observed),
    ...triggerChecks(triggered),
    ...interactionChecks(interactions),
    ...balanceChecks(analysedDesign(design), observed),
    ...extremeCheck(design, observed),
    ...sizeCheck(design, observed),
    ...noveltyChecks(sinceExposure),
  ];
  return healthOf(checks);
}

/** Few units are counted exactly. */
const exactBelow = 1_000;

function ratioCheck({ arms, level }: ExperimentDesign, observed: Observations): HealthCheck {
  const counts = observed.arms.map(({ units }) => units);
  const weights = arms.map(({ share }) => share);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const found: Found =
    total < exactBelow && arms.length === 2
      ? sampleRatioExact({ observed: counts, weights, level })
      : sampleRatio({ observed: counts, weights, level, continuityCorrection: false });
  const title = "Sample ratio";
  const name = "sample-ratio";
  if (found.kind === "undetermined")
    return { name, title, state: "stop", finding: `Not determined: ${found.reason}.`, cure: `Needed: ${found.wouldDetermine}.` };
  const { pValue } = present(found.test, "the test of a sample ratio");
  const state = pValue < sampleRatioStop ? "stop" : pValue < sampleRatioCare ? "care" : "sound";
  const seen = arms.map(({ name: arm }, index) => `${arm} ${countText(counts[index] ?? 0)}`).join(", ");
  const shares = arms.map(({ share }) => `${Number((100 * share).toPrecision(4))} %`).join(", ");
  return {
    name,
    title,
    state,
    finding:
      state === "sound"
        ? `Units are shared out as planned (${shares}): ${seen}.`
        : `Units are not shared out as planned (${shares}): ${seen}. Chance alone gives a gap this large in ${inWords(pValue)} of experiments.`,
    cure:
      state === "sound"
        ? ""
        : "Find where units are lost before reading any effect: assignment, redirects, logging, filters that differ between the arms.",
    pValue,
  };
}

function sequentialCheck({ arms, level }: ExperimentDesign, { byDay, upTo = [] }: Observations): readonly HealthCheck[] {
  const sofar = upTo.map((group) => group.arms.map(({ units }) => units));
  const cameIn = sofar.map((units, day) => units.map((count, arm) => Math.max(0, count - (sofar[day - 1]?.[arm] ?? 0))));
  const looks = [...byDay.map((group) => group.arms.map(({ units }) => units)), ...cameIn];
  if (looks.length < 2) return [];
  const found = sequentialSampleRatio({ looks, weights: arms.map(({ share }) => share), level });
  if (found.kind === "undetermined") return [];
  const { pValue } = present(found.test, "the test of a sample ratio");
  const state = pValue < sampleRatioStop ? "stop" : pValue < sampleRatioCare ? "care" : "sound";
  return [
    {
      name: "sequential-sample-ratio",
      title: "Sample ratio, day by day",
      state,
      finding:
        state === "sound"
          ? `At no day of ${looks.length} did the arms depart from their planned shares.`
          : `The arms depart from their planned shares over ${looks.length} days; this test holds however often one looks (p = ${pShort(pValue)}).`,
      cure: state === "sound" ? "" : "See from which day on: what changed then?",
      pValue,
    },
  ];
}

/** Rows of days that the design itself does not count: said, and no fault of the file. */
const outside: ReadonlySet<string> = new Set(["before-start", "after-end", "before-exposure", "washout", "within-day"]);

function rejectedCheck({ rejected: all, rows }: Observations): readonly HealthCheck[] {
  const rejected = all.filter(({ code }) => code !== "washout");
  const countOf = (some: typeof rejected): number => some.reduce((sum, { count }) => sum + count, 0);
  const [count, faulty] = [countOf(rejected), countOf(rejected.filter(({ code }) => !outside.has(code)))];
  if (count === 0) return [];
  // However many rows of other days are in the file, they do not thin out the faulty ones.
  const counted = rows - countOf(all.filter(({ code }) => outside.has(code)));
  const share =
    faulty === 0 || counted === rows ? "" : ` Of the ${countText(counted)} rows on days that count ${countText(faulty)} are faulty.`;
  const cures = [
    ...(faulty === 0 ? [] : ["Mend the file where it was written, and observe again."]),
    ...(faulty === count
      ? []
      : ["Days before exposure and outside the plan's weeks do not count: see whether start, weeks and exposure are right."]),
  ];
  return [
    {
      name: "rejected-rows",
      title: "Rows that are not used",
      state: faulty > rejectedStop * counted ? "stop" : "care",
      finding: `${countText(count)} of ${countText(rows)} rows: ${rejected.map(({ code, count: some, examples }) => `${countText(some)} ${code}${examples[0] === undefined ? "" : ` (${examples[0]})`}`).join("; ")}.${share}`,
      cure: cures.join(" "),
    },
  ];
}

/** Rows about what an earlier row was about: the file is used, and says so. */
function repeatedCheck({ duplicates, replaced, rows }: Observations): readonly HealthCheck[] {
  if (duplicates + replaced === 0) return [];
  const twice = duplicates === 0 ? "" : ` ${duplicates} stood there already, letter by letter: counted once.`;
  const later = replaced === 0 ? "" : ` ${replaced} gave way to a later row about the same.`;
  return [
    { name: "repeated-rows", title: "Rows that are repeated", state: "sound", finding: `Of ${rows} rows:${twice}${later}`, cure: "" },
  ];
}

/** Values that are missing more often in one arm than in another are an effect themselves. */
function missingChecks(design: ExperimentDesign, observed: Observations): readonly HealthCheck[] {
  const unitCounts = observed.clusterUnits ?? observed.arms.map(({ units }) => units);
  return design.metrics.flatMap((metric, index): readonly HealthCheck[] => {
    const missing = observed.missing[index] ?? [];
    const total = missing.reduce((sum, count) => sum + count, 0);
    if (total === 0) return [];
    const open = observed.openWindows?.find(({ metric: name }) => name === metric.name)?.units ?? [];
    const over = unitCounts.map((count, arm) => count - (open[arm] ?? 0));
    // Each candidate against the control, as effects are read.
    const pValues = design.arms.slice(1).flatMap((_, place) => {
      const pair = (counts: readonly number[]): readonly number[] => [counts[0] ?? 0, counts[place + 1] ?? 0];
      return partByArm({ part: pair(missing), units: pair(over), level: design.level }) ?? [];
    });
    const pValue = pValues.length === 0 ? undefined : Math.min(...pValues);
    const apart = pValue !== undefined && pValue < missingApart;
    const countsZero = metric.missing === "zero" && observed.form === "units";
    const treated = countsZero ? "count as 0" : "are left out of it";
    return [
      {
        name: "missing-values",
        title: `Missing values of ${metric.title}`,
        state: apart ? "stop" : countsZero ? "sound" : "care",
        finding: `${total} units have no value of ${metric.title} (${design.arms.map(({ name }, arm) => `${name} ${missing[arm] ?? 0}`).join(", ")}); they ${treated}.`,
        cure: apart ? "Values are missing more often in one arm: the metric compares different kinds of units. Find out why." : "",
        ...(pValue === undefined ? {} : { pValue }),
      },
    ];
  });
}

/** What was known before the experiment must not differ between the arms more than chance allows. */
function balanceChecks(design: ExperimentDesign, observed: Observations): readonly HealthCheck[] {
  const seen = new Set<string>();
  return design.metrics.flatMap((metric, index): readonly HealthCheck[] =>
    metric.covariates.flatMap((column, place): readonly HealthCheck[] => {
      if (seen.has(column)) return [];
      seen.add(column);
      // Of clusters the covariate is over their units, which need not be said.
      const named = column.replace(` of ${unitsOfCluster}`, "");
      // As the metric itself: of a ratio and of clusters the covariate is a ratio, of others a mean.
      const own: ExperimentMetric = {
        ...metric,
        covariates: [],
        form: metric.form.kind === "ratio" ? metric.form : { kind: "mean", of: column },
      };
      const [control, ...candidates] = observed.arms.map(({ metrics }) => covariateOf(metric, metrics[index], place));
      const [worst] = candidates
        .flatMap((treatment, candidate) => {
          if (control === undefined || treatment === undefined) return [];
          const { pair, degreesOfFreedom } = compareMetric(own, { control, treatment });
          const error = "kind" in pair ? 0 : Math.sqrt(varianceOfPair(pair));
          if ("kind" in pair || !(error > 0)) return [];
          const z = normalStatistic((pair.treatment - pair.control) / error, degreesOfFreedom ?? Number.POSITIVE_INFINITY);
          return [{ pair, z, arm: design.arms[candidate + 1]?.name ?? "the candidate" }];
        })
        .sort((one, other) => Math.abs(other.z) - Math.abs(one.z));
      if (worst === undefined) return [];
      const { pair, z, arm } = worst;
      const state: HealthState = Math.abs(z) > 3.29 ? "care" : "sound";
      return [
        {
          name: "covariate-balance",
          title: `Before the experiment: ${named}`,
          state,
          finding: `${named} was ${say(pair.control)} in the control and ${say(pair.treatment)} in ${arm} before the experiment: ${state === "sound" ? "no more apart than chance allows" : `${Math.abs(z).toFixed(1)} standard errors apart`}.`,
          cure:
            state === "sound"
              ? ""
              : "The arms differed before anything was done to them: check the assignment; the adjusted effect allows for it.",
        },
      ];
    }),
  );
}

/** A covariate's own moments, in the place of an outcome's. */
function covariateOf({ form }: ExperimentMetric, moments: MetricMoments | undefined, place: number): MetricMoments | undefined {
  if (moments === undefined) return undefined;
  const width = form.kind === "ratio" ? 2 : 1;
  const [from, to] = [width * (place + 1), width * (place + 2)];
  return {
    n: moments.n,
    means: moments.means.slice(from, to),
    covariances: moments.covariances.slice(from, to).map((row) => row.slice(from, to)),
    ...(moments.few === undefined ? {} : { few: moments.few.slice(from, to) }),
  };
}

function extremeCheck({ metrics }: ExperimentDesign, { extremes }: Observations): readonly HealthCheck[] {
  const [first] = extremes;
  if (first === undefined) return [];
  const isCapped = extremes.some(({ metric }) => metrics.some(({ name, cap }) => name === metric && cap !== undefined));
  const where = isCapped
    ? "The plan draws such values in; the sensitivity table shows the effect with values as they are."
    : "A cap ('cap: 99.9 % quantile') would draw such values in; it belongs in the plan before the first look.";
  const heavy = extremes.some(({ shareOfSum }) => shareOfSum > extremeShare);
  return [
    {
      name: "extremes",
      title: "Extreme units",
      state: "care",
      finding: extremes
        .slice(0, 5)
        .map(
          ({ unit, arm, metric, value, deviations }) =>
            `Unit ${unit} in ${arm} has ${metric} ${say(value)}, ${deviations.toFixed(0)} standard deviations above the mean`,
        )
        .join("; ")
        .concat("."),
      cure: `Is this a unit of the population, or a fault? ${where}${heavy ? " One unit makes up more than 1 % of an arm's sum." : ""}`,
      details: Object.fromEntries(extremes.map(({ unit, metric, value }) => [`${metric} of ${unit}`, value])),
    },
  ];
}

function sizeCheck(design: ExperimentDesign, observed: Observations): readonly HealthCheck[] {
  const { units: planned, arms } = design;
  const least = Math.min(...observed.arms.map(({ units }) => units));
  const total = judgedUnits(design, observed);
  if (least < fewUnits) {
    const which = arms[observed.arms.findIndex(({ units }) => units === least)]?.name ?? "";
    return [
      {
        name: "size",
        title: "Size",
        state: "care",
        finding: `${which} has ${least} units: intervals rest on few.`,
        cure: "Wait for more units.",
      },
    ];
  }
  if (planned === undefined || total >= planned) return [];
  const there = `${countText(total)} of ${countText(planned)} planned units ${thereWords(design)}`;
  if (design.looks.kind !== "once") {
    const finding = `${there}; the plan has looks before the end, and effects are judged so that these are paid for.`;
    return [{ name: "size", title: "Size", state: "sound", finding, cure: "" }];
  }
  return [
    {
      name: "size",
      title: "Size",
      state: "care",
      finding: `${there}: only statements that hold at every look may be read before the end.`,
      cure: "Wait, or read the always-valid intervals.",
    },
  ];
}

function inWords(pValue: number): string {
  return pValue < 0.0001 ? "fewer than 1 in 10,000" : `${Number((100 * pValue).toPrecision(2))} %`;
}

function pShort(pValue: number): string {
  return pValue < 0.0001 ? "< 0.0001" : pValue.toPrecision(2);
}

function say(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 5 });
}
