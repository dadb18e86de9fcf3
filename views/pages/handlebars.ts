/** The template engine with its format helpers: they write numbers and dates, and never compute. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import Handlebars from "handlebars";
import { packagePath, present } from "../../data/foundation/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { type AssetName, assetDigest } from "../assets.ts";
import { type ChartSpec, drawChart, drawForBoth, drawOnPaper } from "../charts/index.ts";
import { asSentence, capitalise, countOf, formatCount, formatDate, formatMoneyExact, formatNumber, formatShare } from "../formats/index.ts";
import { phoneClasses } from "../report/phone-table.ts";
import { changesInWords } from "../report/policy-changes.ts";
import type { Figure, KeyEntry, ReportTable } from "../report/report.ts";
import { shownTable } from "../report/table-text.ts";
import { changesBySection, directionMark } from "./change-sections.ts";
import { columnSharesChart, labelSharesChart, volumeChart } from "./dataset-quality-charts.ts";
import type { DatasetQualityContext } from "./dataset-quality-context.ts";
import { labelsTitle, missingTitle, presenceTitle } from "./dataset-titles.ts";
import type { EntityEvent, EntityMetric } from "./entity-course-context.ts";
import { drawnEvery, metricChart, metricTable } from "./entity-metric-charts.ts";
import { keyMark, patterns, tierSign, tierSigns, weightBar } from "./marks.ts";
import { entityChart, entityEnd, entityTable, periodsOf, presenceChart, scoreDrawnEvery } from "./page-charts.ts";
import type { DatasetContext, EntityContext } from "./page-contexts.ts";
import { pagePaths } from "./page-paths.ts";
import type { MatrixContext } from "./paired-context.ts";
import { policyGlance, weightWords } from "./policy-glance.ts";
import { printFoot } from "./print-foot.ts";
import type { ChangeRow } from "./summaries.ts";
import { leadAndRest, textBlocks } from "./text-blocks.ts";
import { titleParts } from "./title-parts.ts";
import type { WhatIfAnswerContext } from "./what-if-context.ts";
import { movementFigure, whatIfFigures } from "./what-if-figures.ts";

/** A page made of a context. */
export type Template = (context: object) => string;

/** Rows of a long list that a page shows; it says so, and the file has all. */
const rowsShown = 100;

/** Characters of a value that stands with another in one line. */
const briefMost = 24;

const engine = Handlebars.create();
const compiled = new Map<string, Template>();

/** The template of that name in views/templates, compiled once. Everything in it is escaped but drawn charts. */
export function template(name: string): Template {
  if (compiled.size === 0) compileAll();
  return present(compiled.get(name), `template ${name}`);
}

/** HTML that is already escaped. */
export function trusted(html: string): object {
  return new Handlebars.SafeString(html);
}

function compileAll(): void {
  const folder = packagePath("views", "templates");
  registerHelpers();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".hbs")) continue;
    const name = basename(file, ".hbs");
    const text = readFileSync(join(folder, file), "utf8");
    engine.registerPartial(name, text);
    compiled.set(name, engine.compile(text, { knownHelpersOnly: false, preventIndent: true }));
  }
}

/** Whether a column of a table of words holds nothing but numbers, so that they stand below one another. */
function holdsFigures(rows: readonly (readonly string[])[], column: number): boolean {
  return (
    rows.length > 0 &&
    rows.every((row) => /^(?:[+\u2212<]? ?[\d.,]+(?:\u00a0(?:%|pp))?)?$/.test((row[column] ?? "").replaceAll(" %", "\u00a0%")))
  );
}

function registerHelpers(): void {
  engine.registerHelper("count", (value: number) => formatCount(value));
  engine.registerHelper("count-of", (count: number, one: string) => countOf(count, one));
  engine.registerHelper("share", (value: number) => formatShare(value));
  engine.registerHelper("quantity", quantityText);
  engine.registerHelper("measured-in", (value: number, unit: string) => (unit === "money" ? formatNumber(value, 2) : quantityText(value)));
  engine.registerHelper("one-decimal", (value: number) => formatNumber(value, 1));
  engine.registerHelper("money-exact", (minor: number, currency: string) => formatMoneyExact(minor, currency));
  engine.registerHelper("date", (value: string) => formatDate(value));
  engine.registerHelper("arrows", (words: string) => words.replaceAll(" -> ", " → "));
  engine.registerHelper("sentence", (words: string) => asSentence(words));
  engine.registerHelper("moment", (minute: string) => `${formatDate(minute.slice(0, 10))}, ${minute.slice(11)}`);
  engine.registerHelper("short", (digest: string) => digest.replace(/^sha256:/, "").slice(0, 12));
  engine.registerHelper("lines", (text: string) => text.split("\n").filter((line, index, all) => line !== "" || index < all.length - 1));
  engine.registerHelper("text-blocks", (text: string) => textBlocks(text));
  engine.registerHelper("account-parts", (text: string) => leadAndRest(textBlocks(text)));
  engine.registerHelper("glance", (policy: Policy) => policyGlance(policy));
  engine.registerHelper("weight", (share: number) => weightWords(share));
  engine.registerHelper("weight-bar", (share: number) => trusted(weightBar(share)));
  engine.registerHelper("changes-in-words", (changes: readonly ChangeRow[]) => changesInWords(changes));
  engine.registerHelper("by-section", (changes: readonly ChangeRow[]) => changesBySection(changes));
  engine.registerHelper("direction-mark", (direction: ChangeRow["direction"]) => directionMark(direction));
  engine.registerHelper("capital", (text: string) => capitalise(text));
  engine.registerHelper("coded", (text: string) =>
    trusted(engine.escapeExpression(text).replaceAll(/&#x60;(.+?)&#x60;/g, "<code>$1</code>")),
  );
  engine.registerHelper("beyond", (lines: readonly string[], said: string) => {
    const more = lines.filter((line) => lines.length > 1 || !line.includes(said));
    return more.length === 0 ? undefined : more;
  });
  engine.registerHelper("known", (value: unknown) => value !== undefined);
  engine.registerHelper("fits", (words: string | undefined) => words !== undefined && words.length <= 80);
  engine.registerHelper("are-brief", (...texts: readonly unknown[]) =>
    texts.slice(0, -1).every((text) => typeof text === "string" && text.length <= briefMost),
  );
  engine.registerHelper("several", (list: readonly unknown[]) => list.length > 1);
  engine.registerHelper("holds-figures", (rows: readonly (readonly string[])[], column: number) => holdsFigures(rows, column));
  engine.registerHelper("is", (a: unknown, b: unknown) => a === b);
  engine.registerHelper("address", pathHelper);
  // An equals sign ends no quoted value; written out, it would cost a page of a hundred links half a kilobyte.
  engine.registerHelper("in-quotes", (text: string) => trusted(engine.escapeExpression(text).replaceAll("&#x3D;", "=")));
  engine.registerHelper("asset", (name: AssetName) => pagePaths.asset(name, assetDigest(name)));
  engine.registerHelper("draw", (spec: ChartSpec) => trusted(drawChart(spec)));
  engine.registerHelper("draw-under", (spec: ChartSpec, id: string, words: string, isForPaper: boolean | undefined) =>
    trusted((isForPaper === true ? drawOnPaper : drawChart)(spec, { id: `title-${id}`, words })),
  );
  engine.registerHelper("print-foot", (name: string, design: string, analysis: string | undefined) =>
    trusted(
      printFoot(
        `experiment ${name}`,
        `design ${design.slice(0, 12)}`,
        ...(analysis === undefined ? [] : [`analysis ${analysis.slice(0, 12)}`]),
      ),
    ),
  );
  engine.registerHelper("patterns", () => trusted(patterns + tierSigns));
  engine.registerHelper("tier-sign", (colour: string) => trusted(tierSign(colour)));
  engine.registerHelper("key-mark", (mark: KeyEntry["mark"]) => trusted(keyMark(mark)));
  engine.registerHelper("title-parts", (title: string, amounts: Figure["amounts"]) => titleParts(title, amounts));
  engine.registerHelper("shown", (table: ReportTable) => {
    const shown = shownTable(table);
    return { ...shown, phone: phoneClasses(shown) };
  });
  engine.registerHelper("phone-classes", (columns: readonly string[], rows: readonly (readonly string[])[]) => {
    const cell = (text: string) => ({ text, isText: false });
    return phoneClasses({ leads: 0, heads: columns.map(cell), rows: rows.map((row) => row.map(cell)) });
  });
  engine.registerHelper("entity-chart", (entity: string, versions: EntityContext["versions"]) =>
    trusted(drawChart(entityChart(entity, versions))),
  );
  engine.registerHelper("scores-every", (versions: EntityContext["versions"]) =>
    scoreDrawnEvery(versions) > 1 ? scoreDrawnEvery(versions) : undefined,
  );
  engine.registerHelper("entity-periods", (versions: EntityContext["versions"]) => periodsOf(versions));
  engine.registerHelper("entity-end", (versions: EntityContext["versions"]) => entityEnd(versions));
  engine.registerHelper(
    "metric-chart",
    (metrics: readonly EntityMetric[], versions: EntityContext["versions"], events: readonly EntityEvent[]) =>
      trusted(drawForBoth(metricChart(metrics, periodsOf(versions), events), "metrics")),
  );
  engine.registerHelper("metric-table", (metrics: readonly EntityMetric[]) => metricTable(metrics));
  engine.registerHelper("drawn-every", (metrics: readonly EntityMetric[]) => (drawnEvery(metrics) > 1 ? drawnEvery(metrics) : undefined));
  engine.registerHelper("latest-rows", (rows: readonly unknown[]) => rows.slice(-rowsShown).toReversed());
  engine.registerHelper("rows-cut", (rows: readonly unknown[]) =>
    rows.length > rowsShown ? { shown: rowsShown, all: rows.length } : undefined,
  );
  engine.registerHelper("entity-table", (versions: EntityContext["versions"]) => entityTable(versions).slice(0, rowsShown));
  engine.registerHelper("what-if-figures", (answer: WhatIfAnswerContext) => whatIfFigures(answer));
  engine.registerHelper("matrix-figure", (matrix: MatrixContext) => movementFigure(matrix));
  engine.registerHelper("column-shares-chart", (columns: DatasetQualityContext["columns"]) =>
    trusted(drawChart(columnSharesChart(columns))),
  );
  engine.registerHelper("label-shares-chart", (labels: DatasetQualityContext["labels"]) => trusted(drawChart(labelSharesChart(labels))));
  engine.registerHelper("volume-chart", (volume: NonNullable<DatasetQualityContext["volume"]>) => trusted(drawChart(volumeChart(volume))));
  engine.registerHelper("presence-title", presenceTitle);
  engine.registerHelper("missing-title", missingTitle);
  engine.registerHelper("labels-title", labelsTitle);
  engine.registerHelper("presence-chart", (presence: DatasetContext["presence"]) => trusted(drawChart(presenceChart(presence))));
}

/** `{{address "dataset" id}}`: an address from page-paths. */
function pathHelper(...given: readonly unknown[]): string {
  const [name, ...parts] = given.slice(0, -1).map(String);
  const paths: Readonly<Record<string, (...parts: string[]) => string>> = pagePaths;
  return present(paths[present(name, "a path's name")], `path ${name}`)(...parts);
}

/** Whole numbers whole, others with the decimals that their size asks for. */
function quantityText(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value, Math.abs(value) < 10 ? 2 : 1);
}
