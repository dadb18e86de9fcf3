/** A comparison as text: what the first screen of its report says, of every candidate. */
import type { RunRecord, Store } from "../../data/store/index.ts";
import { reportModel } from "./comparison-report.ts";
import type { ComparisonJson } from "./comparison-shape.ts";
import { plainSpaces, textTable } from "./text-table.ts";
import { triedSentence, verdictLines } from "./verdict-text.ts";

type CandidateJson = ComparisonJson["candidates"][number];

/** The answer, the five figures with their intervals, the matrix of tiers and the verdict. */
export function comparisonText(store: Store, run: RunRecord, { baseline, candidates, panel, tried }: ComparisonJson): string {
  return [
    `${baseline.policy.programme} on ${panel.from} to ${panel.to} (${panel.periods} periods), run ${run.id}`,
    ...candidates.flatMap((candidate) => ["", ...candidateLines(store, run, candidate, baseline.version)]),
    "",
    triedSentence(tried),
  ].join("\n");
}

function candidateLines(store: Store, run: RunRecord, candidate: CandidateJson, baseline: string): readonly string[] {
  const { version, movement } = candidate;
  const { banner, answer, scope, strip, stripNote } = reportModel(store, run, { candidate: version, standalone: false });
  return [
    `${version} against ${baseline}, at ${movement.at}: ${movement.movers} move (${movement.up} up, ${movement.down} down, ${movement.intoUnrated} into unrated, ${movement.outOfUnrated} out of it)`,
    `newly adverse ${candidate.newlyAdverse}, released ${candidate.released}; ever differed ${candidate.range.everDiffered} of ${candidate.range.entities}`,
    ...(banner === undefined
      ? []
      : ["", banner.title, ...banner.items.map(({ found, consequence, cure }) => `- ${found} ${consequence} ${cure}`)]),
    "",
    answer
      .map(({ text }) => text)
      .join("")
      .trim(),
    "",
    ...strip.map(({ name, value, unit, interval, note }) => `- ${name}: ${[value, unit].join(" ").trim()} (${interval}); ${note}`),
    stripNote,
    "",
    scope,
    "",
    textTable(
      [`${baseline} \\ ${version}`, ...movement.columns],
      movement.rows.map((row, index) => [row, ...(movement.matrix[index] ?? []).map(String)]),
    ),
    ...verdictLines(candidate),
  ].map(plainSpaces);
}
