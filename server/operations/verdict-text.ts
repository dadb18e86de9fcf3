/** A verdict as lines of text. */
import type { ComparisonJson } from "./comparison-shape.ts";
import { textTable } from "./text-table.ts";

type CandidateJson = ComparisonJson["candidates"][number];
type CriterionJson = NonNullable<CandidateJson["verdict"]>["criteria"][number];

/** The verdict, a row a criterion; no line when the run carries none. */
export function verdictLines({ verdict }: CandidateJson): readonly string[] {
  if (verdict === undefined) return [];
  const { record, elsewhere } = verdict;
  const before = record.runsBefore;
  return [
    "",
    `verdict: ${verdict.reading}; ${elsewhere.same} of ${elsewhere.readings} readings at other dates, horizons and maturity are the same`,
    before.onData === 0
      ? `criteria recorded ${record.recordedAt}, before the first run on these data`
      : `criteria recorded ${record.recordedAt}, after ${before.onData} ${before.onData === 1 ? "run" : "runs"} on the same data, ${before.ofPair} of them of this pair`,
    textTable(
      ["criterion", "found", "reads"],
      verdict.criteria.map((criterion) => [criterion.words, foundWords(criterion), criterion.reading]),
    ),
  ];
}

/** How many candidates the data were asked about. */
export function triedSentence({ candidates, runs, outOfTime = [] }: ComparisonJson["tried"]): string {
  const tried = `${candidates} ${candidates === 1 ? "candidate" : "candidates"} tried on these data in ${runs} ${runs === 1 ? "run" : "runs"}`;
  const share = (found: (typeof outOfTime)[number]["here"]): string =>
    found.kind === "undetermined" ? "not determined" : `${(100 * found.value).toFixed(2)} %`;
  const again = outOfTime.map(
    ({ version, to, earlier, here }) => `${version} to ${to}: movers ${share(earlier)}, over this later range ${share(here)}`,
  );
  if (again.length > 0) return `${tried}; estimated again out of time: ${again.join("; ")}`;
  return candidates > 1 ? `${tried}: the best of several looks better than it is` : tried;
}

function foundWords({ found, unit, refusal, limits, by }: CriterionJson): string {
  const say = (value: number): string =>
    unit === "factor" ? `${value.toFixed(2)} x` : `${(100 * value).toFixed(2)} ${unit === "share" ? "%" : "points"}`;
  if (found.kind === "undetermined") {
    const instead =
      refusal === undefined || limits === undefined ? "" : `; read by its limits, ${say(limits.lower)} to ${say(limits.upper)}`;
    return `not determined: ${found.reason}${instead}`;
  }
  const { interval } = found;
  const words = interval === undefined ? say(found.value) : `${say(found.value)} (${say(interval.lower)} to ${say(interval.upper)})`;
  return by === undefined ? words : `${words}, by ${by.title.toLowerCase()}`;
}
