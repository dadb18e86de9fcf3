/** A forecast beside a result: two independent estimates of one number. */
import {
  criticalValue,
  type Estimate,
  type Estimated,
  estimated,
  fiellerSet,
  normalSurvival,
  undetermined,
} from "../../statistics/index.ts";

/** What two estimates of one number say of each other. */
export interface TwoEstimates {
  readonly forecast: Estimated;
  readonly result: Estimated;
  /** Result less forecast. */
  readonly difference: Estimated;
  /** Of no difference, two-sided. */
  readonly pValue?: number;
  /** Result over forecast. */
  readonly ratio: Estimated;
}

/**
 * The standard error of an estimate: its own, or half the width of its interval over the normal quantile of its level. Undefined without either.
 *
 * @example
 * errorOf({ kind: "estimate", value: 1, interval: { lower: 0, upper: 2, level: 0.95 }, method: "", n: 1, assumptions: [] }).toFixed(4)
 * // => "0.5102"
 */
export function errorOf({ standardError, interval }: Estimate): number | undefined {
  if (standardError !== undefined) return standardError;
  if (interval === undefined || !(interval.upper > interval.lower)) return undefined;
  return (interval.upper - interval.lower) / (2 * criticalValue(interval.level));
}

/**
 * The difference by the normal distribution with both variances, not by whether intervals overlap: two 95 % intervals of equal width still overlap where
 * p is 0.006 (Schenker and Gentleman 2001, The American Statistician 55, 182-186). The ratio is Fieller's set for independent estimates. Without an
 * interval of the forecast there is a difference and no test.
 */
export function twoEstimates(forecast: Estimated, result: Estimated, level: number): TwoEstimates {
  if (forecast.kind === "undetermined") return { forecast, result, difference: forecast, ratio: forecast };
  if (result.kind === "undetermined") return { forecast, result, difference: result, ratio: result };
  const [own, measured] = [errorOf(forecast), errorOf(result)];
  const value = result.value - forecast.value;
  const method = "difference of two independent estimates, normal";
  const common = { value, method, n: result.n };
  const ratio = ratioOf(forecast, result, level);
  if (own === undefined || measured === undefined) {
    const which = own === undefined ? "forecast" : "result";
    return { forecast, result, difference: estimated({ ...common, assumptions: [`no interval: the ${which} has none`] }), ratio };
  }
  const standardError = Math.hypot(own, measured);
  const reach = criticalValue(level) * standardError;
  return {
    forecast,
    result,
    difference: estimated({
      ...common,
      lower: value - reach,
      upper: value + reach,
      level,
      standardError,
      assumptions: ["forecast and result are independent"],
    }),
    ...(standardError > 0 ? { pValue: 2 * normalSurvival(Math.abs(value) / standardError) } : {}),
    ratio,
  };
}

function ratioOf(forecast: Estimate, result: Estimate, level: number): Estimated {
  if (forecast.value === 0) return undetermined("the forecast is no change, and nothing is a multiple of it", "a forecast other than 0");
  const value = result.value / forecast.value;
  const common = { value, method: "ratio of two independent estimates, Fieller", n: result.n };
  const [own, measured] = [errorOf(forecast), errorOf(result)];
  if (own === undefined || measured === undefined) return estimated(common);
  const sign = Math.sign(forecast.value);
  const [control, treatment] = [sign * forecast.value, sign * result.value];
  const differenceError = Math.hypot(own, measured);
  const lift = fiellerSet(
    {
      difference: treatment - control,
      differenceError,
      control,
      controlError: own,
      treatment,
      treatmentError: measured,
      correlation: differenceError > 0 ? -own / differenceError : 0,
      independent: true,
    },
    criticalValue(level),
    "two-sided",
    level,
  );
  if (lift.kind !== "interval") {
    return estimated({ ...common, assumptions: ["no interval: the forecast is not told from no change"] });
  }
  return estimated({ ...common, lower: 1 + lift.lower, upper: 1 + lift.upper, level });
}
