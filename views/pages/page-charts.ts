/** Charts of the working pages, made from their contexts. */
import { type ChartSpec, tierColours } from "../charts/index.ts";
import { formatCount, listInWords } from "../formats/index.ts";
import type { DatasetContext, EntityContext } from "./page-contexts.ts";

/** Score and tier over time under each version; periods of all versions together. */
export function entityChart(entity: string, versions: EntityContext["versions"]): ChartSpec {
  const all = periodsOf(versions);
  const every = scoreDrawnEvery(versions);
  // Counted from the end, so that the latest is always drawn.
  const periods = all.filter((_, index) => (all.length - 1 - index) % every === 0);
  return {
    kind: "entity-history",
    label: `Score and tier of ${entity} over ${formatCount(all.length)} periods under ${versions.map((version) => version.version).join(" and ")}.`,
    periods,
    versions: versions.map((version) => {
      const colours = tierColours(version.tiers);
      const byPeriod = new Map(version.rows.map((row) => [row.period, row]));
      return {
        version: version.version,
        isBaseline: version.role === "baseline",
        scores: periods.map((period) => byPeriod.get(period)?.score),
        tiers: periods.map((period) => {
          const held = byPeriod.get(period)?.held;
          return held === undefined ? undefined : { name: held, colour: colours.get(held) ?? "unrated" };
        }),
      };
    }),
  };
}

/** Scores that one drawing of the page holds: it stays far below its bound. */
const scoresMost = 2400;

/** Every how many periods one is drawn; 1: all are. */
export function scoreDrawnEvery(versions: EntityContext["versions"]): number {
  return Math.max(1, Math.ceil((periodsOf(versions).length * versions.length) / scoresMost));
}

/** All periods that any version has, oldest first. */
export function periodsOf(versions: EntityContext["versions"]): readonly string[] {
  return [...new Set(versions.flatMap((version) => version.rows.map((row) => row.period)))].sort();
}

const barsMax = 130;

/** Periods in groups of equal length, so that a long history stays light; the last group ends at the last period. */
function binsOf(presence: DatasetContext["presence"]): readonly DatasetContext["presence"][] {
  const size = Math.max(1, Math.ceil(presence.length / barsMax));
  const bins: (typeof presence)[] = [];
  for (let end = presence.length; end > 0; end -= size) bins.unshift(presence.slice(Math.max(0, end - size), end));
  return bins;
}

/** Entities present, first seen and last seen, by period. */
export function presenceChart(presence: DatasetContext["presence"]): ChartSpec {
  // Who is there when the history begins or ends did not come or go then.
  const end = presence.length - 1;
  const bins = binsOf(presence.map((row, at) => ({ ...row, first: at === 0 ? 0 : row.first, last: at === end ? 0 : row.last })));
  return {
    kind: "presence",
    label: `Entities present in each of ${formatCount(presence.length)} periods, and those seen for the first and the last time.`,
    periodsABar: Math.ceil(presence.length / barsMax),
    periods: bins.map((bin) => bin.at(-1)?.period ?? ""),
    present: bins.map((bin) => bin.at(-1)?.present ?? 0),
    first: bins.map((bin) => bin.reduce((sum, row) => sum + row.first, 0)),
    last: bins.map((bin) => bin.reduce((sum, row) => sum + row.last, 0)),
  };
}

/** Where each version leaves the entity: the last period that any version has; undefined when none has a row. */
export function entityEnd(versions: EntityContext["versions"]):
  | {
      readonly period: string;
      /** `in watch under 1.0.0, in standard under 1.1.0 and 2.0.0`. */
      readonly says: string;
      readonly rows: readonly Readonly<Record<"version" | "role" | "held" | "colour" | "merited" | "score", string>>[];
    }
  | undefined {
  const period = periodsOf(versions).at(-1);
  if (period === undefined) return undefined;
  const ends = versions.map(({ version, role, rows, tiers }) => {
    const row = rows.find((candidate) => candidate.period === period);
    if (row === undefined) return { version, role, held: outside, colour: "unrated", merited: "", score: "" };
    const score = row.score === undefined ? "no score" : row.score.toFixed(1);
    const merited = row.merited === row.held ? "the same" : row.merited;
    return { version, role, held: row.held, colour: tierColours(tiers).get(row.held) ?? "unrated", merited, score };
  });
  const under = [...new Set(ends.map(({ held }) => held))].map((held) => {
    const rows = ends.filter((row) => row.held === held);
    const isAll = rows.length === ends.length && rows.length > 1;
    const which = isAll ? (rows.length === 2 ? "both versions" : "every version") : listInWords(rows.map(({ version }) => version));
    return `${held === outside ? "outside the frame" : `in ${held}`} under ${which}`;
  });
  return { period, says: under.join(", "), rows: ends };
}

const outside = "not in the frame";

/** The table behind the entity chart: a row a period, the tier and the score of each version. Newest first. */
export function entityTable(versions: EntityContext["versions"]): readonly {
  readonly period: string;
  readonly cells: readonly { readonly held: string; readonly colour: string; readonly score: string; readonly merited: string }[];
}[] {
  const lookups = versions.map((version) => ({
    rows: new Map(version.rows.map((row) => [row.period, row])),
    colours: tierColours(version.tiers),
  }));
  return periodsOf(versions)
    .toReversed()
    .map((period) => ({
      period,
      cells: lookups.map(({ rows, colours }) => {
        const row = rows.get(period);
        if (row === undefined) return { held: "", colour: "", score: "", merited: "" };
        return {
          held: row.held,
          colour: colours.get(row.held) ?? "unrated",
          score: row.score === undefined ? "no score" : row.score.toFixed(1),
          merited: row.evaluated && row.merited !== row.held ? row.merited : "",
        };
      }),
    }));
}
