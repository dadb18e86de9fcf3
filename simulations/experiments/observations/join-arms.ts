/** Units joined to their arms, and to the day of their first exposure: by rule, list and log alone, never by what happened later. */
import { type DuckDb, quoteText } from "../../../data/engines/index.ts";
import { parseDay, present } from "../../../data/foundation/index.ts";
import { dealing, setAsideReasons } from "../assignment/dealing.ts";
import { dealtThing, type ExperimentDesign } from "../design/experiment-design.ts";
import type { ConcurrentExperiment } from "./concurrent.ts";
import type { ClusterFault, Observations } from "./observations.ts";

/** What was written down before anything was observed. */
export interface WrittenBefore {
  /** Arms of a list that was dealt at once, by unit. */
  readonly listed?: ReadonlyMap<string, number>;
  /** Other experiments of the same kind of unit that run while this one does. */
  readonly concurrent?: readonly ConcurrentExperiment[];
  /** First exposures, a day (`YYYY-MM-DD`) a unit. Where there is a log, who is not in it was not exposed. */
  readonly exposures?: { readonly units: readonly string[]; readonly days: readonly string[] };
}

/** After the rows are read: the log's day in place of the column's. */
export async function joinExposures(db: DuckDb, { exposures }: WrittenBefore): Promise<void> {
  if (exposures === undefined) return;
  await db.run("CREATE TABLE exposures (unit VARCHAR, day INTEGER)");
  const days = Int32Array.from(exposures.days, (day) => present(parseDay(day), "a checked day"));
  await db.appendNumbers("exposures", exposures.units, days);
  await db.run("UPDATE read SET exposed = DATE '1970-01-01' + exposures.day FROM exposures WHERE exposures.unit = read.unit");
}

/**
 * `units`: `per_unit` with the arm's position in the design, and as `code` what the rule says; the arm is null for units in two arms or two clusters, for those whose
 * recorded arm is not the rule's, and for those that the rule, the list or the log keeps out.
 */
export async function joinArms(db: DuckDb, design: ExperimentDesign, written: WrittenBefore, isHistory: boolean): Promise<void> {
  const create = (as: "TABLE" | "VIEW", arm: string, code: string, from: string): string =>
    `CREATE ${as} units AS SELECT per_unit.*, CAST(${arm} AS UTINYINT) AS arm, ${code} AS code FROM ${from}`;
  if (isHistory) {
    const isCluster = dealtThing(design).kind === "cluster";
    await db.run(create("VIEW", isCluster ? "CASE WHEN cluster_count < 2 THEN 0 END" : "0", "0", "per_unit"));
    return;
  }
  const exposed = written.exposures === undefined ? "true" : "unit IN (SELECT unit FROM exposures)";
  const notExposed = codeOf(setAsideReasons.indexOf("not exposed"));
  if (design.assignment.kind === "recorded") {
    const cases = design.arms.map(({ name }, index) => `WHEN ${quoteText(name)} THEN ${index}`).join(" ");
    const arm = `CASE arm_name ${cases} END`;
    const areClusters = dealtThing(design).kind === "cluster";
    const from = areClusters ? `(${byRecordedCluster}) AS per_unit` : "per_unit";
    await db.run(
      written.exposures === undefined
        ? create(areClusters ? "TABLE" : "VIEW", arm, `coalesce(${arm}, 0)`, from)
        : create(
            "TABLE",
            `CASE WHEN ${exposed} THEN ${arm} END`,
            `CASE WHEN ${exposed} THEN coalesce(${arm}, 0) ELSE ${notExposed} END`,
            from,
          ),
    );
    return;
  }
  const key = dealtThing(design).kind === "cluster" ? "cluster" : "unit";
  await db.run("CREATE TABLE dealt (key VARCHAR, code INTEGER)");
  const keys: string[] = [];
  await db.stream(`SELECT DISTINCT ${key} AS key FROM per_unit ORDER BY key`, ({ texts }) => {
    for (const text of texts(0)) keys.push(present(text, "a key"));
  });
  const deal = dealing(design, written.listed);
  const codes = Int32Array.from(keys, (one) => {
    const { arm, setAside } = deal(one);
    return setAside === undefined ? arm : codeOf(setAsideReasons.indexOf(setAside));
  });
  await db.appendNumbers("dealt", keys, codes);
  const recorded =
    design.columns.arm === undefined
      ? "true"
      : `arm_name = CASE dealt.code ${design.arms.map(({ name }, index) => `WHEN ${index} THEN ${quoteText(name)}`).join(" ")} END`;
  await db.run(
    create(
      "TABLE",
      `CASE WHEN arms < 2 AND cluster_count < 2 AND dealt.code >= 0 AND ${exposed} AND ${recorded} THEN dealt.code END`,
      `CASE WHEN dealt.code >= 0 AND NOT (${exposed}) THEN ${notExposed} ELSE dealt.code END`,
      `per_unit JOIN dealt ON dealt.key = per_unit.${key}`,
    ),
  );
}

/** Clusters that were dealt elsewhere and have rows in two arms. */
const splitClusters = "SELECT cluster FROM kept GROUP BY cluster HAVING min(arm_name) < max(arm_name)";

/** `per_unit` where clusters were dealt elsewhere: units of one that is recorded in two arms are in two arms themselves. */
const byRecordedCluster = `SELECT * REPLACE (CASE WHEN cluster NOT IN (${splitClusters}) THEN arm_name END AS arm_name,
    CASE WHEN cluster IN (${splitClusters}) THEN 2 ELSE arms END AS arms) FROM per_unit`;

const examplesMax = 5;

/** Where clusters are dealt: those with rows in two arms, where they were dealt elsewhere, and units with rows in two clusters. */
async function clusterFaults(db: DuckDb, design: ExperimentDesign): Promise<Pick<Observations, "splitClusters" | "movedUnits">> {
  if (dealtThing(design).kind !== "cluster") return {};
  const found = async (sql: string): Promise<ClusterFault | undefined> => {
    const rows = await db.rows(`SELECT count(*) OVER () AS count, * FROM (${sql}) ORDER BY 2 LIMIT ${examplesMax}`);
    const [[count] = []] = rows;
    return count === undefined ? undefined : { count: Number(count), examples: rows.map(([, text]) => String(text)) };
  };
  const split = design.assignment.kind === "recorded" ? await found(splitClusters) : undefined;
  const moved = await found(
    "SELECT unit || ' (' || min(cluster) || ', ' || max(cluster) || ')' FROM kept GROUP BY unit HAVING min(cluster) < max(cluster)",
  );
  return { ...(split === undefined ? {} : { splitClusters: split }), ...(moved === undefined ? {} : { movedUnits: moved }) };
}

/** After the join: who is in two arms, in two clusters, in the wrong arm, in none. */
export async function countArms(
  db: DuckDb,
  design: ExperimentDesign,
): Promise<Pick<Observations, "units" | "crossovers" | "misassigned" | "setAside" | "splitClusters" | "movedUnits">> {
  const { arms } = design;
  const control = quoteText(arms[0]?.name ?? "");
  const [units, crossovers, misassigned, apart] = (
    await db.rows(
      `SELECT count(*), count(*) FILTER (WHERE arms > 1 AND cluster_count < 2),
         count(*) FILTER (WHERE arms < 2 AND cluster_count < 2 AND ((code >= 0 AND arm IS NULL) OR (code IN (-1, -2, -3) AND arm_name <> ${control}))), count(*) FILTER (WHERE code < 0 AND cluster_count < 2) FROM units`,
    )
  )[0] ?? [0, 0, 0, 0];
  const setAside =
    Number(apart) === 0
      ? []
      : await db.rows("SELECT code, count(*) FROM units WHERE code < 0 AND cluster_count < 2 GROUP BY code ORDER BY code DESC");
  return {
    units: Number(units),
    crossovers: Number(crossovers),
    misassigned: Number(misassigned),
    ...(await clusterFaults(db, design)),
    setAside: Object.fromEntries(setAside.map(([code, count]) => [present(setAsideReasons[-1 - Number(code)], "a reason"), Number(count)])),
  };
}

/** Reasons stand below 0, where arms stand from 0 on. */
function codeOf(reason: number): number {
  return -1 - reason;
}
