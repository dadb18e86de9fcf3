/** Makes a marketplace whose truth is known: the files of a dataset, and beside them what is really so. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, invariant, randomStream } from "../../foundation/index.ts";
import { drawCharacter } from "./character.ts";
import { creatorKind } from "./creator-life.ts";
import { describeDemo } from "./describe-demo.ts";
import { enforce } from "./enforcement.ts";
import { type DemoKind, type Life, makeLife } from "./life.ts";
import { type Market, makeMarket } from "./market.ts";
import { sellerKind } from "./seller-life.ts";
import { openScratchDatabase } from "./table-writer.ts";
import { conducts, type DemoTables, openDemoTables, writeDemoFiles } from "./write-files.ts";

/** Entities of which so many are made between two words of progress. */
const entitiesPerStep = 1000;

/**
 * Writes a demo dataset of sellers or creators into `workFolder`: `demo-<kind>s.yaml`, its Parquet files, and `truth.parquet`, which says of
 * everyone what is really so and is never part of the panel. The last week ends on 2025-09-28, whatever the clock says. Same kind,
 * sellers, weeks and seed: same rows; entity i is the same for any number of entities.
 *
 * Memory is bounded (rows go to a scratch file in `workFolder`, removed at the end). Cost: about 4 microseconds a row.
 */
export async function prepareDemo(options: {
  kind: "seller" | "creator";
  /** How many entities, of either kind. */
  sellers: number;
  weeks: number;
  seed: number;
  workFolder: string;
  onProgress?: (step: { stage: string; done: number; total: number }) => void;
}): Promise<{ descriptorPath: string; truthPath: string; diagnostics: readonly Diagnostic[] }> {
  const { sellers, weeks, seed, workFolder, onProgress } = options;
  invariant(Number.isInteger(sellers) && sellers >= 1 && Number.isInteger(weeks) && weeks >= 1, `${sellers} entities, ${weeks} weeks`);
  const kind = options.kind === "seller" ? sellerKind : creatorKind;
  const market = makeMarket({ seed, weeks });
  mkdirSync(workFolder, { recursive: true });
  const scratch = join(workFolder, "scratch.duckdb");
  rmSync(scratch, { force: true });
  const database = await openScratchDatabase(scratch);
  try {
    const tables = await openDemoTables(database, kind);
    const life = makeLife(kind, weeks);
    for (let index = 0; index < sellers; index++) {
      addEntity({ kind, market, index, life, tables });
      if (index % entitiesPerStep === 0) {
        onProgress?.({ stage: `living ${weeks} weeks`, done: index, total: sellers });
        // The server's thread may be waiting for a cancel.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    tables.finish();
    onProgress?.({ stage: "writing the files", done: sellers, total: sellers });
    await writeDemoFiles(database, kind, workFolder);
  } finally {
    database.close();
    for (const suffix of ["", ".wal", ".tmp"]) rmSync(`${scratch}${suffix}`, { force: true, recursive: true });
  }
  const descriptorPath = join(workFolder, `demo-${kind.entity}s.yaml`);
  writeFileSync(descriptorPath, describeDemo(kind, market, { entities: sellers }));
  return { descriptorPath, truthPath: join(workFolder, "truth.parquet"), diagnostics: [] };
}

function addEntity(of: { kind: DemoKind; market: Market; index: number; life: Life; tables: DemoTables }): void {
  const { kind, market, index, life, tables } = of;
  const { character, stream } = drawCharacter(market, kind.entity, index);
  const truth = kind.live(character, market, stream, life);
  const { events, outcomes } = enforce({ kind, market, character, life, truth });
  tables.entities.add([index, character.region, character.category, character.openedOn]);
  addWeeks({ kind, market, index, life, tables, from: character.entersAt, to: character.leavesAfter });
  for (const { violation, kind: code, day, knownOn, severity, type } of events)
    tables.events.add([index, violation, code, day, knownOn, severity, type]);
  for (const { about, source, outcome, knownOn, probability } of outcomes)
    tables.outcomes.add([index, about, source, outcome, knownOn, probability ?? Number.NaN]);
  const turnsBad = character.turnsBadAt < market.weeks && truth.turnedShare > kind.harmfulShare;
  const harmfulFrom = truth.usualShare > kind.harmfulShare ? character.entersAt : turnsBad ? character.turnsBadAt : -1;
  tables.truth.add([
    index,
    conducts.indexOf(character.conduct),
    harmfulFrom < 0 ? -1 : (market.weekEnd[Math.max(harmfulFrom, character.entersAt)] as number) - 6,
    truth.usualShare,
    truth.turnedShare,
    character.size,
    character.quality,
  ]);
}

/** Three rows in a thousand are first reported short of what is counted late, and corrected one to four weeks on. */
function addWeeks(of: { kind: DemoKind; market: Market; index: number; life: Life; tables: DemoTables; from: number; to: number }): void {
  const { kind, market, index, life, tables } = of;
  const stream = randomStream(market.seed, kind.entity, index, "corrections");
  const late = kind.measures.findIndex((measure) => measure.reportedLate === true);
  for (let week = of.from; week <= of.to; week++) {
    const weekEnd = market.weekEnd[week] as number;
    const row = [index, weekEnd, weekEnd];
    for (const column of life.columns.values()) row.push(column[week] as number);
    row.push(life.tier[week] as number);
    const correctedAfterWeeks = stream.uniform() < 0.003 ? 1 + stream.below(4) : 0;
    const counted = row[3 + late] as number;
    if (correctedAfterWeeks > 0 && counted > 0) {
      tables.panel.add(row.with(3 + late, Math.floor(counted / 3)));
      row[2] = weekEnd + 7 * correctedAfterWeeks;
    }
    if ((row[2] as number) <= market.knownAt) tables.panel.add(row);
  }
}
