/** Worked examples of others: numbers printed in papers and books, and the examples of R's help pages, through the table of statistics. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { findingOf } from "./finding-parts.ts";
import { near, referenceCases } from "./reference-numbers.ts";

interface Example {
  readonly source: string;
  readonly statistic: string;
  readonly input: unknown;
  readonly expected: Readonly<Partial<Record<"value" | "lower" | "upper" | "p" | "statistic" | "degrees" | "standardError", number>>>;
}

/** What a statistic answers of what an example states. */
function answersOf({ statistic: name, input, expected }: Example): readonly (readonly [actual: number | undefined, stated: number])[] {
  const statistic = present(findStatistic(name), name);
  const { estimate, test } = findingOf(statistic.compute(statistic.input.parse(input)));
  const { interval, set } = estimate;
  const degrees = test?.degreesOfFreedom;
  const answers: Required<{ [key in keyof Example["expected"]]: number | undefined }> = {
    value: estimate.value,
    lower: interval?.lower ?? (set?.kind === "at-least" ? set.lower : undefined),
    upper: interval?.upper ?? (set?.kind === "at-most" ? set.upper : undefined),
    p: test?.pValue,
    statistic: test?.statistic,
    degrees: typeof degrees === "number" ? degrees : undefined,
    standardError: estimate.standardError,
  };
  return Object.entries(expected).map(([part, stated]) => [answers[part as keyof typeof answers], stated]);
}

function bySource<T extends Example>(cases: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of cases) found.set(one.source, [...(found.get(one.source) ?? []), one]);
  return found;
}

describe("published examples", () => {
  for (const [source, cases] of bySource(referenceCases<Example & { readonly decimals: number }>("published/printed")))
    it(`${source}: every decimal that is printed`, () => {
      for (const example of cases)
        for (const [actual, stated] of answersOf(example))
          expect(actual, `${example.statistic} ${JSON.stringify(example.input)}`).to.be.closeTo(stated, 0.500001 * 10 ** -example.decimals);
    });

  const documented = ["documented", "packages"].flatMap((name) =>
    referenceCases<Example & { readonly tolerance: number }>(`published/${name}`),
  );
  for (const [source, cases] of bySource(documented))
    it(`R's ${source}`, () => {
      for (const example of cases) for (const [actual, stated] of answersOf(example)) near(actual, stated, example.tolerance, 1e-300);
    });
});
