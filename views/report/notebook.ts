/** The report as a Jupyter notebook: what the run is, its numbers in the file itself, and cells that read and check them. */
import type { Report } from "./report.ts";

/** The long table that goes into the notebook. */
export interface PackedTable {
  /** The name of the file that it becomes. */
  readonly file: string;
  /** SHA-256 of its text. */
  readonly digest: string;
  /** Packed with gzip, in base64. */
  readonly packed: string;
}

/**
 * A notebook in nbformat 4.5 that runs by itself wherever pandas is: the table is in it. No words of the report stand in a cell of code, and in
 * text they mark nothing up. The same report gives the same bytes.
 */
export function reportNotebook(report: Report, table: PackedTable): string {
  const cells = [
    text("run", aboutRun(report, table)),
    text(
      "how",
      `The next cell holds \`${table.file}\`, packed; the one after it unpacks the table, checks its digest and reads it. Only pandas is needed.`,
    ),
    code("packed", `packed = "${table.packed}"`, { jupyter: { source_hidden: true } }),
    code("read", readCell(table)),
    text("headline", headlineWords(report)),
    code("movers", moversCell(report)),
    code("false-positives", falsePositivesCell()),
    text("intervals", intervalWords),
    code("standard-errors", standardErrorCell()),
    text("estimators", estimators(report)),
    text("in-r", inR(report, table)),
  ];
  const notebook = {
    cells,
    metadata: {
      kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
      language_info: { name: "python" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function text(id: string, source: string): object {
  return { cell_type: "markdown", id, metadata: {}, source };
}

function code(id: string, source: string, metadata: object = {}): object {
  return { cell_type: "code", execution_count: null, id, metadata, outputs: [], source };
}

function aboutRun(report: Report, { file, digest }: PackedTable): string {
  return [
    `# ${plain(report.title)}`,
    plain(report.kicker),
    report.answer.map((span) => (span.strong ? `**${plain(span.text)}**` : plain(span.text))).join(""),
    plain(report.scope),
    "## Where it comes from",
    ["| | | |", "| --- | --- | --- |", ...report.provenance.map(({ term, text: words, code: sign = "" }) => row([term, words, sign]))].join(
      "\n",
    ),
    "This command makes the run again, on any machine that holds the dataset:",
    fenced("sh", report.command),
    `\`${file}\` has a row a number: section, figure, key columns (candidate, version, date, tier, to_tier, group), value, lower, upper, level, n, method, definition. Shares are of 1, money is in major units. A number that could not be computed is empty, and \`method\` says why. SHA-256 \`${digest}\`.`,
  ].join("\n\n");
}

function readCell({ file, digest }: PackedTable): string {
  return `import base64, gzip, hashlib, io, pathlib
import pandas as pd

content = gzip.decompress(base64.b64decode(packed))
assert hashlib.sha256(content).hexdigest() == "${digest}", "the table is not the one of this run"

# Beside the notebook, for R and for everything else that reads CSV.
path = pathlib.Path("${file}")
if not path.exists():
    path.write_bytes(content)

words = ["section", "figure", "candidate", "version", "date", "tier", "to_tier", "group", "method", "definition"]
figures = pd.read_csv(io.BytesIO(content), dtype={name: str for name in words}, keep_default_na=False, na_values={name: [""] for name in ["value", "lower", "upper", "level", "n"]})
figures.groupby("section", sort=False).size()`;
}

function headlineWords({ candidate }: Report): string {
  return `## Two headline figures, made again from counts\n\nThe share of movers is what stands off the diagonal of the movement matrix of ${plain(candidate)}, over all of it. The false-positive rate is the fine that are held adverse, over all that are known to be fine; its interval is Wilson's (1927). It is the rate of the labelled alone, which the report states among its estimators.`;
}

function moversCell({ candidate }: Report): string {
  return `candidate = ${literal(candidate)}
own = figures[figures.candidate == candidate]

stated = own[(own.section == "movement") & (own.figure == "movers_share")].iloc[0]
cells = own[(own.section == "movement") & (own.figure == "cell") & (own.date == stated.date)]
movers = cells[cells.tier != cells.to_tier].value.sum()
everyone = cells.value.sum()
assert everyone == 0 or abs(movers / everyone - stated.value) < 1e-12
print(f"{movers:.0f} of {everyone:.0f} move; share {stated.value:.4f}, {stated.level:.0%} interval {stated.lower:.4f} to {stated.upper:.4f} ({stated.method})")`;
}

function falsePositivesCell(): string {
  return `from statistics import NormalDist

rates = own[(own.section == "errors") & (own.figure == "false-positive-rate") & (own.version == "candidate")]
if rates.empty or pd.isna(rates.iloc[0].value):
    print("not determined:", "no labels" if rates.empty else rates.iloc[0].method)
else:
    rate = rates.iloc[0]
    fine = own[(own.section == "errors") & (own.figure == "coverage, fine") & (own.group == rate.group) & (own.date == rate.date)].set_index("tier").value
    adverse, known = fine[["both", "newly"]].sum(), fine.sum()
    share, z = adverse / known, NormalDist().inv_cdf(0.5 + rate.level / 2)
    middle = (share + z * z / (2 * known)) / (1 + z * z / known)
    half = z / (1 + z * z / known) * (share * (1 - share) / known + z * z / (4 * known * known)) ** 0.5
    assert known == rate.n and abs(share - rate.value) < 1e-12
    if rate.method == "Wilson score":
        assert abs(middle - half - rate.lower) < 1e-9 and abs(middle + half - rate.upper) < 1e-9
    print(f"{adverse:.0f} of {known:.0f} known to be fine are held adverse; rate {share:.4f}, {rate.level:.0%} interval {rate.lower:.4f} to {rate.upper:.4f} ({rate.method})")`;
}

const intervalWords = `## Every estimate with its estimator and standard error

The table states intervals, not standard errors. The column \`standard_error\` is the half-width over the normal quantile of the level: it is the standard error where the interval is the normal one, and a summary of its width where it is a score interval or a bootstrap (\`method\` says which). Limits without an estimate have none.`;

function standardErrorCell(): string {
  return `estimates = own.dropna(subset=["value", "lower", "upper", "level"]).copy()
estimates["standard_error"] = [(row.upper - row.lower) / (2 * NormalDist().inv_cdf(0.5 + row.level / 2)) for row in estimates.itertuples()]
estimates[["section", "figure", "version", "date", "tier", "group", "value", "lower", "upper", "standard_error", "n", "method"]]`;
}

function estimators({ definitions }: Report): string {
  const rows = definitions.map(({ term, meaning, method }) =>
    row([term, meaning, method?.formula ?? "", method?.assumption ?? "", method?.source ?? ""]),
  );
  return [
    "## What each figure means",
    "",
    row(["figure", "meaning", "formula", "assumes", "source"]),
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function inR({ candidate }: Report, { file }: PackedTable): string {
  return [
    "## The same in R",
    `The first cells write \`${file}\` beside the notebook; with it this runs in any R, without packages:`,
    fenced(
      "r",
      `figures <- read.csv("${file}", colClasses = c(candidate = "character", version = "character"), na.strings = "")
own <- subset(figures, candidate == ${literal(candidate)})
stated <- subset(own, section == "movement" & figure == "movers_share")
cells <- subset(own, section == "movement" & figure == "cell" & date == stated$date)
movers <- sum(cells$value[cells$tier != cells$to_tier])
stopifnot(abs(movers / sum(cells$value) - stated$value) < 1e-12)
estimates <- subset(own, !is.na(value) & !is.na(lower) & !is.na(upper) & !is.na(level))
estimates$standard_error <- with(estimates, (upper - lower) / (2 * qnorm(0.5 + level / 2)))
cat(movers, "of", sum(cells$value), "move;", nrow(estimates), "estimates with intervals\\n")`,
    ),
  ].join("\n\n");
}

/** A literal of Python and of R: plain letters stay, everything else is escaped, so that nothing ends it. */
function literal(words: string): string {
  return `"${words.replace(/[^\w .+-]/gu, (sign) => `\\U${(sign.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`)}"`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(plain).join(" | ")} |`;
}

/** Words that mean themselves in Markdown: no markup, no HTML, no mathematics. */
function plain(words: string): string {
  return words
    .replace(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_{}[\]#|~$^]/g, (sign) => `\\${sign}`);
}

/** A block of code that no run of backticks in it ends. */
function fenced(language: string, words: string): string {
  const longest = Math.max(0, ...(words.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${words}\n${fence}`;
}
