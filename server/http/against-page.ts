/** What the page of two comparisons side by side is told, in words and in the order in which it is read. */
import type { RunRecord, Store } from "../../data/store/index.ts";
import {
  capitalise,
  datesInWords,
  formatCount,
  formatDate,
  formatFigure,
  formatNumber,
  type PageContexts,
  pagePaths,
  type Report,
} from "../../views/index.ts";
import { type ComparisonAgainst, reportModel, resolveComparison } from "../operations/index.ts";
import { runSummary } from "./page-lists.ts";

const figuresShown = 60;

/** The page of two comparisons side by side. */
export function againstContext(store: Store, answer: ComparisonAgainst): PageContexts["against"] {
  const { figures, entities, differences } = answer;
  const [a, b] = [resolveComparison(store, answer.first.run.id), resolveComparison(store, answer.second.run.id)];
  const stripOf = (run: RunRecord, candidate: string) => reportModel(store, run, { candidate, standalone: true }).strip;
  const shown = shownFigures(figures.listed);
  const query = new URLSearchParams({ candidate: answer.first.candidate, otherCandidate: answer.second.candidate }).toString();
  const swapped = new URLSearchParams({ candidate: answer.second.candidate, otherCandidate: answer.first.candidate }).toString();
  return {
    notices: [],
    first: { run: runSummary(store, a), candidate: answer.first.candidate },
    second: { run: runSummary(store, b), candidate: answer.second.candidate },
    title: titleOf(answer),
    warnings: differences.filter(({ isIncomparable }) => isIncomparable).map(({ name, words }) => `${name}: ${words}`),
    differences: differences.map(({ name, first: own, second: other, words, changes }) => ({
      name,
      first: own,
      second: other,
      words,
      changes: changes.map(changeRow),
    })),
    headlines: headlinesOf(stripOf(a, answer.first.candidate), stripOf(b, answer.second.candidate)),
    sections: figures.sections,
    figures: shown.map(({ section, figure, where, first: own, second: other, difference, doOverlap }) => ({
      section: section === "gmv" ? "GMV" : capitalise(section),
      figure: figureWords(figure),
      where: datesInWords(where),
      first: sayNumber(own.value),
      second: sayNumber(other.value),
      difference: difference === undefined ? "" : saySigned(difference),
      intervals: doOverlap === undefined ? "" : doOverlap ? "overlap" : "apart",
    })),
    figuresWords: figuresWords(figures, shown.length),
    csv: `${pagePaths.against(a.id, b.id)}/figures.csv?${query}`,
    entitiesWords: entitiesWords(answer),
    entities: entities?.listed ?? [],
    swapped: `${pagePaths.against(b.id, a.id)}?${swapped}`,
  };
}

/** A figure's name as a reader writes it. */
function figureWords(figure: string): string {
  return figure.replaceAll(/[_-]/g, " ").replace("stuart maxwell", "Stuart-Maxwell").replace("bowker", "Bowker");
}

function changeRow({ from, to, direction, ...change }: ComparisonAgainst["differences"][number]["changes"][number]) {
  return {
    ...change,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(direction === undefined ? {} : { direction }),
  };
}

/** True if the reader reads nothing else. */
function titleOf({ differences, figures, entities, isComparable }: ComparisonAgainst): string {
  if (!isComparable) return "The two are not about the same: their figures differ for more than the policy";
  if (figures.differ === 0 && (entities?.differ ?? 0) === 0) {
    return differences.length === 0 ? "The two are the same: no figure differs" : "No figure differs";
  }
  const who =
    entities === undefined
      ? ""
      : entities.differ === 0
        ? ", and nobody holds another tier"
        : `, and ${formatCount(entities.differ)} of ${formatCount(entities.inFrame)} hold another tier`;
  return `${formatCount(figures.differ)} of ${formatCount(figures.compared)} figures differ${who}`;
}

function headlinesOf(first: Report["strip"], second: Report["strip"]): PageContexts["against"]["headlines"] {
  const others = new Map(second.map((figure) => [figure.id, figure]));
  const said = (figure: Report["strip"][number] | undefined) =>
    figure === undefined ? "not among its figures" : `${figure.value}${figure.unit === "" ? "" : `\u00a0${figure.unit}`}`;
  const known = new Set(first.map(({ id }) => id));
  const row = (own: Report["strip"][number] | undefined, other: Report["strip"][number] | undefined) => ({
    name: own?.name ?? other?.name ?? "",
    first: said(own),
    firstNote: own?.interval ?? "",
    second: said(other),
    secondNote: other?.interval ?? "",
  });
  return [
    ...first.map((figure) => row(figure, others.get(figure.id))),
    ...second.filter(({ id }) => !known.has(id)).map((figure) => row(undefined, figure)),
  ];
}

/** Sections that a reader asks for first; the others follow in their own order. */
const sectionsFirst = ["movement", "range", "gmv", "sales", "harm", "errors"];

/** What is told once before what is told of every period: a long series would fill the page. */
function shownFigures(listed: ComparisonAgainst["figures"]["listed"]): ComparisonAgainst["figures"]["listed"] {
  const rankOf = ({ section, figure }: (typeof listed)[number]): number => {
    if (figure === "cell" || section === "distribution" || section === "series") return sectionsFirst.length + 1;
    const place = sectionsFirst.indexOf(section);
    return place < 0 ? sectionsFirst.length : place;
  };
  return listed.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, figuresShown);
}

function figuresWords({ compared, differ, onlyFirst, onlySecond }: ComparisonAgainst["figures"], shown: number): string {
  const alone =
    onlyFirst + onlySecond === 0
      ? ""
      : ` ${formatCount(onlyFirst)} figures only the first has, ${formatCount(onlySecond)} only the second: of other dates, tiers or groups.`;
  const cut = differ > shown ? ` Of those that differ ${formatCount(shown)} are below, series over time last; the file has all.` : "";
  return `${formatCount(differ)} of ${formatCount(compared)} figures that both have differ.${alone}${cut} The difference is the second less the first. Whether two intervals overlap says only that they share a value.`;
}

function entitiesWords({ entities, differences }: ComparisonAgainst): string {
  if (entities === undefined) {
    const what = differences.some(({ name }) => name === "Dataset") ? "different datasets" : "times that have no period in common";
    return `The two look at ${what}, so nobody can be looked up in both.`;
  }
  const { at, differ, inFrame, listed } = entities;
  const cut =
    differ > listed.length ? ` The ${formatCount(listed.length)} with the largest sales are below; the command and the API give all.` : "";
  return `${formatCount(differ)} of ${formatCount(inFrame)} hold another tier under the two candidates, in the period to ${formatDate(at)}, the last that both ranges hold.${cut}`;
}

function sayNumber(value: number | undefined): string {
  return value === undefined ? "not determined" : sayFigure(value, 5);
}

function saySigned(difference: number): string {
  return `${difference > 0 ? "+" : ""}${sayFigure(difference, 4)}`;
}

/** With so many digits, and with all before the point: an amount that is rounded is another amount. */
function sayFigure(value: number, digits: number): string {
  return Math.abs(value) >= 10 ** digits ? formatNumber(value, 0) : formatFigure(value, digits);
}
