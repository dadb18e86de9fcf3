/** A check for a terminal: one line a fault, then what is well. */
import { formatDiagnostic } from "../../data/foundation/index.ts";
import { type CheckDocument, isTimesBaseline, sayFound, saySample } from "./check-document.ts";

/** Diagnostics first, then each sound policy, its cases, what changes, and the guards. */
export function checkText(document: CheckDocument): string {
  const { diagnostics, policies, cases, coverage, changes = [], guards = [] } = document;
  return [
    ...diagnostics.map(lineOf),
    ...policies
      .filter(({ file }) => !diagnostics.some((diagnostic) => diagnostic.file === file && diagnostic.severity === "error"))
      .map(({ file, programme, version }) => `${file}: ${programme} ${version} is well-formed`),
    ...coverage.map(
      ({ file, passed, failed, parts, reached }) =>
        `${file}: ${passed} of ${passed + failed} cases pass; they reach ${reached} of ${parts} parts of the policy`,
    ),
    ...cases.notRun.map((file) => `${file}: cases not run`),
    ...changes.flatMap(({ file, against, summary, changes: list }) => [
      `${file} against ${against}: ${summary}`,
      ...list.map(({ words }) => `  ${words}`),
    ]),
    ...guards.flatMap((report) => [
      `guards on ${saySample(report)}`,
      ...report.outcomes.map(
        (outcome) =>
          `  ${outcome.verdict.padEnd(9)}  ${outcome.words}: ${sayFound(outcome.found, isTimesBaseline(outcome))}, n = ${outcome.entities}`,
      ),
    ]),
  ].join("\n");
}

function lineOf({ file, line, column, ...rest }: CheckDocument["diagnostics"][number]): string {
  const place = file === undefined || line === undefined || column === undefined ? {} : { place: { file, line, column } };
  return formatDiagnostic({ ...(rest as Parameters<typeof formatDiagnostic>[0]), ...place });
}
