/** The finding of an estimate that is centred on its value: normal or t, one- or two-sided, with a margin. */
import { type Distribution, student } from "../distributions/index.ts";
import { outOfRange } from "../effect.ts";
import { type EstimateParts, estimated } from "../estimate.ts";
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
  const ends = endsOf(centred, question, distribution);
  if (![value, standardError, statistic, ends.lower, ends.upper].every(Number.isFinite)) return outOfRange();
  const parts: FindingParts = {
    estimate: estimated({ value, standardError, method, n, ...statementOf(ends, question) }),
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

interface Ends {
  readonly lower: number;
  readonly upper: number;
}

function endsOf({ value, standardError }: Centred, { level, alternative }: Question, { upperQuantile }: Distribution): Ends {
  const reach = upperQuantile(alternative === "two-sided" ? (1 - level) / 2 : 1 - level) * standardError;
  return { lower: value - reach, upper: value + reach };
}

function statementOf(
  { lower, upper }: Ends,
  { level, alternative }: Question,
): Partial<Pick<EstimateParts, "lower" | "upper" | "level" | "set">> {
  if (alternative === "two-sided") return { lower, upper, level };
  return { set: alternative === "greater" ? { kind: "at-least", lower, level } : { kind: "at-most", upper, level } };
}

function tailOf(statistic: number, alternative: Alternative, distribution: Distribution): number {
  if (alternative === "greater") return distribution.survival(statistic);
  if (alternative === "less") return distribution.survival(-statistic);
  return Math.min(1, 2 * distribution.survival(Math.abs(statistic)));
}
