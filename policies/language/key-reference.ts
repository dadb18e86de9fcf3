/** The generated parts of policies/README.md: every key of the language, and every code of `policy check`. */
import { analysisErrors, caseErrors, policyErrors } from "../../data/foundation/index.ts";
import type { Shape } from "./key-rule.ts";
import { type ShapeName, shapes } from "./shapes.ts";

/** Where the generated parts stand in policies/README.md. */
const marks = { begin: "<!-- reference: made from the tables of keys and codes -->", end: "<!-- end of reference -->" } as const;

/** What each mapping is called, in the order of the reference. */
const headings: Readonly<Record<ShapeName, string>> = {
  policy: "a policy",
  version: "a version that extends another",
  parameter: "a parameter",
  parameterByText: "a parameter that depends on a text",
  share: "metric: share",
  mean: "metric: mean",
  sum: "metric: sum",
  count: "metric: count",
  distinct: "metric: distinct",
  percentile: "metric: percentile",
  largest: "metric: largest",
  last: "metric: last",
  since: "metric: since",
  unbroken: "metric: unbroken",
  rank: "metric: rank",
  ratio: "metric: ratio",
  value: "metric: value",
  curve: "score: curve",
  step: "score: step",
  logistic: "score: logistic",
  weighted: "score: weighted",
  scoreValue: "score: value",
  ledger: "a ledger",
  line: "a line of a ledger",
  takeBack: "take back",
  tier: "a tier",
  consequences: "consequences",
  shorten: "shorten",
  cap: "a cap",
  movement: "movement",
  move: "promote, demote",
  shield: "shield",
  protect: "protect",
  inForce: "in-force.yaml",
  inForceSpan: "a version in force",
};

/** Markdown: a table of keys for each mapping, then the table of codes. */
export function keyReference(): string {
  const sections = Object.entries(headings).map(([name, heading]) => {
    const shape: Shape = shapes[name as ShapeName];
    const rows = Object.entries(shape).map(([key, rule]) => [
      `\`${key}\``,
      rule.form === undefined ? rule.holds : `\`${rule.form}\``,
      rule.required === true ? "required" : "",
      rule.about,
    ]);
    return [`#### ${heading}`, "", ...tableOf(["key", "form", "", "meaning"], rows)].join("\n");
  });
  const codes = Object.entries({ ...policyErrors, ...analysisErrors, ...caseErrors }).map(([code, { severity, meaning, cure }]) => [
    `\`${code}\``,
    severity,
    meaning,
    cure,
  ]);
  return [
    "### All keys",
    "",
    sections.join("\n\n"),
    "",
    "### All codes",
    "",
    ...tableOf(["code", "severity", "meaning", "cure"], codes),
  ].join("\n");
}

/** The README with its generated parts brought up to date. */
export function withKeyReference(readme: string): string {
  const [before = "", rest = ""] = readme.split(marks.begin);
  const after = rest.split(marks.end)[1] ?? "\n";
  return `${before}${marks.begin}\n\n${keyReference()}\n\n${marks.end}${after}`;
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "&lt;")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)];
}
