/** The finding of an estimate that is centred on its value: normal or t, one- or two-sided, with a margin. */
import { type Distribution, student } from "../distributions/index.ts";
import { estimated } from "../estimate.ts";
import { type Alternative, type Finding, type FindingParts, type Found, finding } from "../finding.ts";

/** What is asked of every estimate of the family. */
export interface Question {
  readonly level: number;
  readonly alternative: Alternative;
  readonly nullValue: number;
}

/** An estimate with the standard error that its reference distribution belongs to. */
export interface Centred {
  readonly value: number;
  readonly standardError: number;
  /** Infinite: the normal distribution. */
  readonly degreesOfFreedom: number;
  readonly method: string;
  readonly testName: string;
  readonly n: number;
  readonly details?: Finding["details"];
  readonly warnings?: readonly string[];
}

/** The finding; a standard error of 0 is our bug, callers say what is wrong with such data. */
export function centredFinding(centred: Centred, question: Question): Found {
  const { value, standardError, degreesOfFreedom, method, testName, n, details, warnings } = centred;
  const { alternative, nullValue } = question;
  const distribution = student(degreesOfFreedom);
  const statistic = (value - nullValue) / standardError;
  const parts: FindingParts = {
    estimate: estimated({ value, standardError, method, n, ...bounds(centred, question, distribution) }),
    test: {
      name: testName,
      statistic,
      ...(Number.isFinite(degreesOfFreedom) ? { degreesOfFreedom } : {}),
      pValue: tailOf(statistic, alternative, distribution),
      alternative,
      nullValue,
    },
    details,
    ...(warnings === undefined ? {} : { warnings }),
  };
  return finding(parts);
}

function bounds({ value, standardError }: Centred, { level, alternative }: Question, distribution: Distribution) {
  if (alternative === "two-sided") {
    const half = distribution.upperQuantile((1 - level) / 2) * standardError;
    return { lower: value - half, upper: value + half, level };
  }
  const reach = distribution.upperQuantile(1 - level) * standardError;
  if (alternative === "greater") return { set: { kind: "at-least", lower: value - reach, level } as const };
  return { set: { kind: "at-most", upper: value + reach, level } as const };
}

function tailOf(statistic: number, alternative: Alternative, distribution: Distribution): number {
  if (alternative === "greater") return distribution.survival(statistic);
  if (alternative === "less") return distribution.survival(-statistic);
  return Math.min(1, 2 * distribution.survival(Math.abs(statistic)));
}
