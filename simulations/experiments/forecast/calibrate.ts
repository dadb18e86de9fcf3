/** Points of experiments -> Calibration. */
import { criticalValue, type Estimate, type Estimated, estimated, normalCdf, sumOf, undetermined, wilson } from "../../statistics/index.ts";
import type { BehaviourMultiplier, Calibration, CalibrationPoint, InsideShare } from "./calibration.ts";
import { type MetaLine, type MetaRow, metaLine } from "./meta-regression.ts";
import { errorOf } from "./two-estimates.ts";

/** Below this many experiments no line is drawn through them. */
const experimentsMin = 3;

/** From this many on a share inside is told to better than about 20 points. */
const experimentsEnough = 20;

interface Counted {
  readonly experiment: string;
  readonly run: string;
  readonly assumptions: string;
  readonly forecast: Estimate;
  readonly result: Estimate;
  readonly resultError: number;
  readonly forecastError: number | undefined;
  readonly mechanical: number;
  readonly inside: CalibrationPoint["inside"];
}

/**
 * Experiments are taken to be independent of each other, and a forecast as given: the question is what a forecast of that size turned out to be, so its
 * own error is part of the scatter around the line and not taken off (random effects, not errors in variables). `assumptions`: digest of those that the
 * multiplier is for.
 */
export function calibrate(
  points: readonly CalibrationPoint[],
  { level, assumptions }: { readonly level: number; readonly assumptions: string },
): Calibration {
  const counted = points.flatMap(countedOf);
  const withInterval = counted.filter(({ forecastError }) => forecastError !== undefined);
  const differences = metaLine(
    counted.map(({ result, forecast, resultError }) => ({ result: result.value - forecast.value, variance: resultError ** 2, terms: [1] })),
    level,
  );
  const line = lineOf(counted, level);
  const nominal = meanOf(withInterval.map(({ forecast }) => forecast.interval?.level ?? level)) ?? level;
  const noise = noiseOf(withInterval);
  const signed = counted.filter(({ forecast, result }) => forecast.value * result.value !== 0);
  return {
    level,
    points,
    counted: counted.length,
    meanError: termOf(differences, 0, { n: counted.length, level, what: "mean error", least: 2 }),
    ...(differences === undefined ? {} : { scatter: differences.scatter }),
    ...absoluteErrorOf(counted),
    sameDirection: { same: signed.filter(({ forecast, result }) => forecast.value * result.value > 0).length, of: signed.length },
    insideForecast: insideOf(withInterval, level, "forecast"),
    insidePrediction: insideOf(withInterval, level, "prediction"),
    nominal,
    slope: termOf(line, 1, { n: counted.length, level, what: "slope", least: experimentsMin }),
    constant: termOf(line, 0, { n: counted.length, level, what: "constant", least: experimentsMin }),
    ...(noise === undefined ? {} : { noise }),
    multiplier: multiplierOf(counted, level, assumptions),
    caveats: caveatsOf(counted, noise, level),
  };
}

function countedOf({ leftOut, forecast, result, experiment, run, assumptions, mechanical, inside }: CalibrationPoint): readonly Counted[] {
  if (leftOut !== undefined || forecast.kind === "undetermined" || result.kind === "undetermined") return [];
  const resultError = errorOf(result);
  if (resultError === undefined || !(resultError > 0)) return [];
  return [{ experiment, run, assumptions, forecast, result, resultError, forecastError: errorOf(forecast), mechanical, inside }];
}

function lineOf(counted: readonly Counted[], level: number): MetaLine | undefined {
  if (counted.length < experimentsMin) return undefined;
  return metaLine(
    counted.map(({ forecast, result, resultError }) => ({ result: result.value, variance: resultError ** 2, terms: [1, forecast.value] })),
    level,
  );
}

function termOf(
  line: MetaLine | undefined,
  index: number,
  { n, level, what, least }: { readonly n: number; readonly level: number; readonly what: string; readonly least: number },
): Estimated {
  const term = line?.terms[index];
  if (line === undefined || term === undefined) {
    return undetermined(
      n < least
        ? `${n} ${n === 1 ? "experiment counts" : "experiments count"}, and the ${what} needs ${least}`
        : "the forecasts do not differ from each other",
      n < least ? "more experiments with a forecast and a result" : "experiments on changes of different size",
    );
  }
  const { value, lower, upper, standardError } = term;
  const method = `random-effects meta-regression (Paule-Mandel), Student's t on ${line.degreesOfFreedom}`;
  return estimated({ value, lower, upper, level, standardError, method, n, assumptions: ["experiments are independent of each other"] });
}

function absoluteErrorOf(counted: readonly Counted[]): Pick<Calibration, "absoluteError"> {
  if (counted.length === 0) return {};
  const value = sumOf(counted.map(({ forecast, result }) => Math.abs(result.value - forecast.value))) / counted.length;
  // The mean of |x| of a normal x with mean 0 is its standard deviation times sqrt(2 / pi).
  const expected =
    (Math.sqrt(2 / Math.PI) * sumOf(counted.map(({ resultError, forecastError = 0 }) => Math.hypot(resultError, forecastError)))) /
    counted.length;
  return { absoluteError: { value, expected } };
}

function insideOf(counted: readonly Counted[], level: number, which: "forecast" | "prediction"): InsideShare {
  const within = counted.filter(({ inside }) => inside?.[which] === true).length;
  const expected = counted.map(({ forecast, forecastError = 0, resultError }) => {
    const reach = criticalValue(forecast.interval?.level ?? level);
    return which === "prediction"
      ? 2 * normalCdf(reach) - 1
      : 2 * normalCdf((reach * forecastError) / Math.hypot(forecastError, resultError)) - 1;
  });
  return { share: wilson({ successes: within, trials: counted.length, level }), expected: meanOf(expected) ?? 0 };
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : sumOf(values) / values.length;
}

function noiseOf(counted: readonly Counted[]): number | undefined {
  const mean = meanOf(counted.map(({ forecast }) => forecast.value));
  if (mean === undefined || counted.length < experimentsMin) return undefined;
  const spread = sumOf(counted.map(({ forecast }) => (forecast.value - mean) ** 2)) / (counted.length - 1);
  const own = sumOf(counted.map(({ forecastError = 0 }) => forecastError ** 2)) / counted.length;
  return spread > 0 ? Math.min(1, own / spread) : undefined;
}

/** Result less arithmetic = multiplier x forecast of behaviour: a line through the origin. */
function multiplierOf(counted: readonly Counted[], level: number, assumptions: string): BehaviourMultiplier {
  const own = counted.filter((one) => one.assumptions === assumptions && one.forecast.value !== one.mechanical);
  const experiments = own.map(({ experiment }) => experiment);
  if (own.length < experimentsMin) {
    const reason = `${own.length} ${own.length === 1 ? "experiment was" : "experiments were"} forecast with these assumptions and something of behaviour in it; a multiplier needs ${experimentsMin}`;
    return { value: undetermined(reason, "more experiments with a forecast and a result"), experiments };
  }
  const rows: readonly MetaRow[] = own.map(({ result, forecast, mechanical, resultError }) => ({
    result: result.value - mechanical,
    variance: resultError ** 2,
    terms: [forecast.value - mechanical],
  }));
  return { value: termOf(metaLine(rows, level), 0, { n: own.length, level, what: "multiplier", least: experimentsMin }), experiments };
}

function caveatsOf(counted: readonly Counted[], noise: number | undefined, level: number): readonly string[] {
  const n = counted.length;
  if (n === 0) return [];
  const reach = 100 * criticalValue(level) * Math.sqrt(0.25 / n);
  const runs = new Set(counted.map(({ run }) => run)).size;
  return [
    ...(n < experimentsMin
      ? [`With ${n} of them there is no line to draw: a slope and a multiplier need ${experimentsMin} experiments.`]
      : []),
    ...(n < experimentsEnough
      ? [
          `${n} ${n === 1 ? "experiment tells" : "experiments tell"} a share inside to about ${Math.min(50, Math.round(reach))} points either way: whether intervals hold what they say cannot be told yet.`,
        ]
      : []),
    ...(noise !== undefined && noise > 0.1
      ? [
          `The forecasts' own intervals make up ${Math.round(100 * noise)} % of their spread. As far as that is noise of one draw of sellers, it pulls the slope towards 0.`,
        ]
      : []),
    ...(runs < n
      ? [
          `${n} experiments test ${runs === 1 ? "one comparison" : `${runs} comparisons`}: those of one share its error, and intervals are too narrow.`,
        ]
      : []),
    "Only changes that were tested are here, and those were chosen because their forecast looked good: a candidate that was the best of several is forecast too well.",
    "The same sellers in several experiments make these depend on each other, and the intervals too narrow.",
  ];
}
