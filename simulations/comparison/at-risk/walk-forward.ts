/** Alarms as they would have been raised at the time: each evaluation date sees a model of what was complete before it, and nothing else. */
import { fates, featureCount, featureNames, type WalkedEvaluations } from "./collect-evaluations.ts";
import { fitLogistic, riskOf } from "./logistic-fit.ts";

/** Share of the eligible that get an alarm at each evaluation. */
export const alarmBudget = 0.05;

/** A model is fitted once so many completed evaluations were hits, and so many were not. */
export const casesMin = 30;

/** A model is fitted anew when what it rests on has grown so far: while it rests on few evaluations, and when on many. */
const refitGrowth = { few: 1.1, many: 1.3, manyFrom: 10_000 } as const;

/** The penalty on the coefficients of standardised features. */
export const ridge = 1;

/** The margin enters as a broken line: its kinks are these quantiles of the margins that a model is fitted on. */
export const kinkShares = [0.02, 0.05, 0.1, 0.25] as const;

/** Features that weigh differently far down: each also enters times how far the margin is below the highest kink. */
export const crossedFeatures = ["volume", "unrated", "demoteCount"] as const;

/** The columns of the model: every feature, whether the margin is missing, how far it is below each kink, and the crossed features. */
export const designColumns = featureCount + 1 + kinkShares.length + crossedFeatures.length;

/** A fitted model: how features are standardised, and the coefficients of the standardised ones. */
export interface RiskModel extends Scaling {
  /** Intercept first; then of the standardised columns. */
  readonly coefficients: Float64Array;
  /** Completed evaluations that it was fitted on, and the hits among them. */
  readonly fittedOn: number;
  readonly hits: number;
}

/** What the features become before they are weighed. */
interface Scaling {
  /** Margins, by share of `kinkShares`. */
  readonly kinks: Float64Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** One evaluation date. */
export interface WalkedDate {
  readonly period: number;
  /** Positions in `order`: [start, end). */
  readonly start: number;
  readonly end: number;
  readonly alarms: number;
  /** The least predicted risk with an alarm; absent before the first model. */
  readonly riskFrom?: number;
  /** The plain rule at as many alarms: the largest margin with an alarm. NaN when no score is known. */
  readonly marginTo?: number;
}

/** The walk. */
export interface Walk {
  /** Evaluations by period, then entity: indices into the walked ones. */
  readonly order: Int32Array;
  readonly dates: readonly WalkedDate[];
  /** By walked evaluation: predicted risk, NaN before the first model. */
  readonly risk: Float32Array;
  /** By walked evaluation: 1 alarm of the model, 2 of the plain rule, 3 of both. */
  readonly alarm: Uint8Array;
  /** The model that stands at the end of the range. */
  readonly model?: RiskModel;
}

/** Which alarms an evaluation has. */
export const alarmOf = { model: 1, plain: 2 } as const;

/**
 * Walks through the evaluation dates, oldest first. At date t a model may have been fitted on evaluations s with s + horizon < t, whose
 * outcome was complete before t; exits within the horizon are left out. The k = 5 % of the eligible with the highest predicted risk get
 * an alarm, and so do the k with the lowest score under the plain rule; ties are broken by a number of the entity's own. Cutting the
 * history after t changes no alarm at or before t. Cost: about 15 fits of the evaluations so far.
 */
export function walkForward(walked: WalkedEvaluations, horizonPeriods: number): Walk {
  const count = walked.period.length;
  const order = Int32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (walked.period[a] as number) - (walked.period[b] as number) || a - b,
  );
  const risk = new Float32Array(count).fill(Number.NaN);
  const alarm = new Uint8Array(count);
  const dates: WalkedDate[] = [];
  const training = { outcome: outcomesOf(walked, order), rows: 0, cases: 0, hits: 0 };
  let model: RiskModel | undefined;
  for (let start = 0; start < count; ) {
    const period = walked.period[order[start] as number] as number;
    let end = start;
    while (end < count && walked.period[order[end] as number] === period) end++;
    model = refit(training, walked, order, period - horizonPeriods, model);
    const budget = Math.max(1, Math.floor((end - start) * alarmBudget));
    dates.push({ period, start, end, ...(model === undefined ? { alarms: 0 } : raise(model, budget)) });
    start = end;

    function raise(current: RiskModel, alarms: number) {
      const rows = Array.from({ length: end - start }, (_, i) => start + i);
      for (const row of rows) risk[order[row] as number] = predict(current, walked.features, (order[row] as number) * featureCount);
      const tie = (row: number): number => walked.tie[order[row] as number] as number;
      const byRisk = rows.toSorted(
        (a, b) => (risk[order[b] as number] as number) - (risk[order[a] as number] as number) || tie(a) - tie(b) || a - b,
      );
      const byMargin = rows.toSorted((a, b) => marginAt(b) - marginAt(a) || tie(a) - tie(b) || a - b);
      for (const row of byRisk.slice(0, alarms)) mark(row, alarmOf.model);
      for (const row of byMargin.slice(0, alarms)) mark(row, alarmOf.plain);
      return {
        alarms,
        riskFrom: risk[order[byRisk[alarms - 1] as number] as number] as number,
        marginTo: walked.features[(order[byMargin[alarms - 1] as number] as number) * featureCount] as number,
      };
    }
  }
  return { order, dates, risk, alarm, ...(model === undefined ? {} : { model }) };

  /** Low scores come first, so a high number is a low margin; a missing score comes last. */
  function marginAt(row: number): number {
    const margin = walked.features[(order[row] as number) * featureCount] as number;
    return Number.isNaN(margin) ? -Number.MAX_VALUE : -margin;
  }

  function mark(row: number, bit: number): void {
    const at = order[row] as number;
    alarm[at] = (alarm[at] as number) | bit;
  }
}

/** The predicted risk of one set of features. */
export function predict(model: RiskModel, features: Float32Array, at: number): number {
  const row = new Float64Array(designColumns);
  writeRow(features, at, model, row, 0);
  return riskOf(model.coefficients, row, 0);
}

interface Training {
  readonly outcome: Uint8Array;
  /** Evaluations so far, in order, whose outcome is complete, and those among them that count. */
  rows: number;
  cases: number;
  hits: number;
}

/** By place in the order: 1 hit, 0 none, 2 left out. */
function outcomesOf({ fate }: WalkedEvaluations, order: Int32Array): Uint8Array {
  return Uint8Array.from(order, (at) => (fate[at] === fates.hit ? 1 : fate[at] === fates.none ? 0 : 2));
}

/** Takes in what is complete before `before`, and fits anew when it has grown enough. */
function refit(
  training: Training,
  { period, features }: WalkedEvaluations,
  order: Int32Array,
  before: number,
  model: RiskModel | undefined,
): RiskModel | undefined {
  while (training.rows < order.length && (period[order[training.rows] as number] as number) < before) {
    const outcome = training.outcome[training.rows] as number;
    if (outcome <= 1) training.cases++;
    if (outcome === 1) training.hits++;
    training.rows++;
  }
  const { outcome, cases, hits, rows } = training;
  if (hits < casesMin || cases - hits < casesMin || cases < growthOf(model)) return model;
  const values = new Float64Array(rows * designColumns);
  const plain = { kinks: kinksOf(features, order.subarray(0, rows)), means: new Float64Array(designColumns), deviations: ones };
  for (let row = 0; row < rows; row++) writeRow(features, (order[row] as number) * featureCount, plain, values, row * designColumns);
  const scaling = standardise(values, outcome, rows, plain.kinks);
  // After a change of the kinks the last coefficients are a start like any other.
  const { coefficients } = fitLogistic({ values, columns: designColumns, outcome, rows }, ridge, model?.coefficients);
  return { ...scaling, coefficients, fittedOn: cases, hits };
}

/** How many evaluations the next model must rest on. */
function growthOf(model: RiskModel | undefined): number {
  const fittedOn = model?.fittedOn ?? 0;
  return fittedOn * (fittedOn < refitGrowth.manyFrom ? refitGrowth.few : refitGrowth.many);
}

const crossed = crossedFeatures.map((name) => featureNames.indexOf(name));

const ones = new Float64Array(designColumns).fill(1);

/** Quantiles of the known margins: the least with at least that share at or below it. */
function kinksOf(features: Float32Array, order: Int32Array): Float64Array {
  const margins = Float64Array.from(order, (at) => features[at * featureCount] as number)
    .filter((margin) => !Number.isNaN(margin))
    .sort();
  return Float64Array.from(kinkShares, (share) => margins[Math.max(0, Math.ceil(share * margins.length) - 1)] ?? 0);
}

/** The columns of a row, standardised. What is missing counts as the mean. */
function writeRow(features: Float32Array, from: number, { kinks, means, deviations }: Scaling, into: Float64Array, to: number): void {
  const margin = features[from] as number;
  const isFilled = deviations !== ones;
  for (let j = 0; j < designColumns; j++) {
    const kink = j - featureCount - 1;
    const value =
      j < featureCount
        ? (features[from + j] as number)
        : kink < 0
          ? Number(Number.isNaN(margin))
          : kink < kinks.length
            ? Math.max(0, (kinks[kink] as number) - margin)
            : Math.max(0, (kinks[kinks.length - 1] as number) - margin) *
              (features[from + (crossed[kink - kinks.length] as number)] as number);
    into[to + j] = Number.isNaN(value) && isFilled ? 0 : (value - (means[j] as number)) / (deviations[j] as number);
  }
}

/** Standardises the columns by their known values where the outcome counts; a column that does not vary is only centred. */
function standardise(values: Float64Array, outcome: Uint8Array, rows: number, kinks: Float64Array): Scaling {
  const means = new Float64Array(designColumns);
  const deviations = new Float64Array(designColumns).fill(1);
  for (let j = 0; j < designColumns; j++) {
    let [n, mean, squares] = [0, 0, 0];
    for (let row = 0; row < rows; row++) {
      const value = values[row * designColumns + j] as number;
      if ((outcome[row] as number) > 1 || Number.isNaN(value)) continue;
      n++;
      const apart = value - mean;
      mean += apart / n;
      squares += apart * (value - mean);
    }
    means[j] = mean;
    if (n > 1 && squares > 0) deviations[j] = Math.sqrt(squares / n);
    for (let at = j; at < rows * designColumns; at += designColumns) {
      const value = values[at] as number;
      values[at] = Number.isNaN(value) ? 0 : (value - mean) / (deviations[j] as number);
    }
  }
  return { kinks, means, deviations };
}
