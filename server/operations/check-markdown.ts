/** A check as a comment on a pull request: what stands first decides, tables follow. */

import { type CheckDocument, countDiagnostics, isTimesBaseline, sayFound, saySample } from "./check-document.ts";
import { relativeTo } from "./check-paths.ts";

/** The report in GitHub's Markdown. Paths are relative to the working folder. */
export function checkMarkdown(document: CheckDocument): string {
  const { errors } = countDiagnostics(document);
  return [
    `## Policy check: ${errors === 0 ? "passed" : "failed"}`,
    "",
    summary(document),
    ...faults(document),
    ...cases(document),
    ...changes(document),
    ...guards(document),
  ].join("\n");
}

function summary(document: CheckDocument): string {
  const { errors, warnings, notes } = countDiagnostics(document);
  const { passed, failed, notRun } = document.cases;
  const verdicts = (document.guards ?? []).flatMap(({ outcomes }) => outcomes.map(({ verdict }) => verdict));
  const parts = [
    count(document.policies.length, "policy", "policies"),
    `${count(errors, "error")}, ${count(warnings, "warning")}, ${count(notes, "note")}`,
    ...(passed + failed === 0 && notRun.length === 0 ? ["no cases"] : []),
    ...(passed + failed === 0 ? [] : [`${passed} of ${count(passed + failed, "case")} pass`]),
    ...(notRun.length === 0 ? [] : [`${count(notRun.length, "file")} of cases not run`]),
    ...(verdicts.length === 0
      ? []
      : [`${verdicts.filter((verdict) => verdict === "pass").length} of ${count(verdicts.length, "guard")} kept`]),
  ];
  return `**${parts.join("; ")}.**`;
}

function faults({ diagnostics }: CheckDocument): readonly string[] {
  // A failed case stands in a table of its own, with its reason.
  const listed = diagnostics.filter(({ code }) => code !== "case-failed");
  return section(
    "Diagnostics",
    ["where", "severity", "code", "what", "cure"],
    listed.map(({ file, line, column, severity, code, message, cure }) => [
      where(file, line, column),
      severity,
      `\`${code}\``,
      message,
      cure,
    ]),
  );
}

function cases({ coverage, failures }: CheckDocument): readonly string[] {
  return [
    ...section(
      "Cases",
      ["file", "passed", "failed", "parts reached"],
      coverage.map(({ file, passed, failed, reached, parts }) => [
        `\`${relativeTo(file)}\``,
        String(passed),
        String(failed),
        `${reached} of ${parts}`,
      ]),
    ),
    ...section(
      "Failed cases",
      ["where", "case", "on", "value", "expected", "found", "why"],
      failures.map(({ file, line, column, case: name, on, name: value, expected, found, why }) => [
        where(file, line, column),
        name,
        on,
        `\`${value}\``,
        expected,
        found,
        why,
      ]),
    ),
    ...coverage.flatMap(({ file, uncovered }) =>
      uncovered.length === 0
        ? []
        : [
            "",
            `<details><summary>Not reached by ${escaped(relativeTo(file))}</summary>`,
            "",
            ...uncovered.map((part) => `- ${escaped(part)}`),
            "",
            "</details>",
          ],
    ),
  ];
}

function changes({ changes: all = [] }: CheckDocument): readonly string[] {
  return all.flatMap(({ file, against, summary: words, changes: list }) => [
    "",
    `### What changes in \`${relativeTo(file)}\` against ${escaped(against)}`,
    "",
    escaped(words),
    ...(list.length === 0
      ? []
      : ["", ...list.map(({ words: one, direction }) => `- ${escaped(one)}${direction === undefined ? "" : ` (${direction})`}`)]),
  ]);
}

function guards({ guards: all = [] }: CheckDocument): readonly string[] {
  return all.flatMap((report) => [
    ...section(
      "Budget guards",
      ["guard", "found", "entities", "verdict", "what it counts"],
      report.outcomes.map((outcome) => [
        outcome.words,
        sayFound(outcome.found, isTimesBaseline(outcome)),
        String(outcome.entities),
        `**${outcome.verdict}**`,
        outcome.definition,
      ]),
    ),
    "",
    `Replayed on ${escaped(saySample(report))}.`,
  ]);
}

function section(title: string, headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  return ["", `### ${title}`, "", line(headings), `|${" --- |".repeat(headings.length)}`, ...rows.map(line)];
}

function where(file: string | undefined, line: number | undefined, column: number | undefined): string {
  return file === undefined ? "" : `\`${relativeTo(file)}${line === undefined ? "" : `:${line}:${column ?? 1}`}\``;
}

/** What users wrote stays text: no cell, tag or line of its own. */
function escaped(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replaceAll(/\s*\n\s*/g, " ");
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
