/** One random case run by two engines; throws with the disagreements and the case. */
import { isDeepStrictEqual } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import type fc from "fast-check";
import type { GeneratorValue } from "fast-check";
import type { PanelChunk } from "../../data/panel/index.ts";
import { compilePolicy, type RunOptions, type TierTally } from "../../policies/compile/index.ts";
import { evaluateEntity } from "../../policies/explain/index.ts";
import { tierNames } from "../../policies/language/index.ts";
import { policyToSql } from "../../policies/sql/index.ts";
import { columnNames, frameDisagreements, sqlDisagreements } from "./agreement.ts";
import { loadHistories, runSql } from "./duckdb-panel.ts";
import { kernelPeers, plainPeers, slowPeers } from "./peers.ts";
import { describeCase, drawCase, type RandomCase } from "./random-case.ts";

/** How many cases the fast suite tries; the slow one multiplies them. */
export const parityRuns = { kernels: 150, kernelsWithOptions: 75, sql: 25, swollen: 75, swollenSql: 15, pairs: 20 };

/** How a property is tried: shrinking a failing case ends in time to be read. Time that runs out without a failure is one, too. */
export function runs(numRuns: number, seed: number, limit = 60_000): Parameters<typeof fc.assert>[1] {
  return { numRuns, seed, interruptAfterTimeLimit: limit, markInterruptAsFailure: true };
}

/** What a trial of two engines varies. */
export interface Trial {
  /** From a drawn start tier, up to a drawn period. */
  readonly withOptions?: boolean;
  /** With numbers that overflow. */
  readonly swollen?: boolean;
}

/** Cells to be filled, for sums of the first measure. */
function emptyTally(
  { measures: [values] }: PanelChunk,
  { periods, tiers }: { readonly periods: number; readonly tiers: number },
): TierTally {
  const cells = () => new Float64Array(periods * tiers);
  return values === undefined ? { entities: cells(), sums: new Float64Array(0) } : { entities: cells(), values, sums: cells() };
}

/** Kernels against the slow twin. */
export function tryKernels(g: GeneratorValue, { withOptions = false, swollen = false }: Trial = {}): void {
  const tried = drawCase(g, { swollen });
  const { policy, schema, panel, histories, draw } = tried;
  const options = withOptions ? drawOptions(tried) : {};
  const chunk = panel.readChunk(0);
  const [peers, gathered] = [slowPeers(policy, schema, histories), kernelPeers(policy, panel)];
  if (!isDeepStrictEqual(plainPeers(peers), plainPeers(gathered)))
    refuse([`peers: slow twin ${JSON.stringify(plainPeers(peers))}, kernel ${JSON.stringify(plainPeers(gathered))}`], tried);
  const enteredBy = schema.lastPeriod;
  const outcomes = [false, true].map((plain) => {
    const compiled = compilePolicy(policy, schema, { plain });
    const tally = emptyTally(chunk, { periods: schema.lastPeriod - schema.firstPeriod + 1, tiers: compiled.tiers.length });
    const frame = compiled.run(chunk, { columns: columnNames(policy), peers: gathered, askEnteredBy: enteredBy, tally, ...options });
    const rowsApart = compiled.startTiers.map((startTier) => compiled.rowsUntilStartForgotten(chunk, frame, { startTier, enteredBy }));
    return { frame, packed: { states: frame.states, rowsApart, tally } };
  });
  const frames = outcomes.map(({ frame }) => frame);
  const found = frames.flatMap((frame) =>
    histories.flatMap((history, index) => {
      const rowStart = chunk.rowStart[index] ?? 0;
      const rows = evaluateEntity(policy, schema, history, { ...options, peers });
      const beyond = history.rows.slice(rows.length).flatMap((row, offset) => {
        const held = frame.held[rowStart + rows.length + offset];
        return held === -1 ? [] : [`period ${row.period} is after the range, yet the kernel holds ${held}`];
      });
      return [...frameDisagreements(policy, schema, rows, frame, rowStart), ...beyond];
    }),
  );
  const [vector, plain] = outcomes.map(({ packed }) => packed);
  refuse([...found, ...(isDeepStrictEqual(vector, plain) ? [] : ["states, tallies, or rows until a start is forgotten, differ"])], tried);

  function drawOptions({ schema: { firstPeriod, lastPeriod } }: RandomCase): RunOptions {
    return {
      ...(draw.chance(2) ? { startTier: draw.integer(0, tierNames(policy).length - 1) } : {}),
      ...(draw.chance(2) ? { to: draw.integer(firstPeriod, lastPeriod) } : {}),
    };
  }
}

/** SQL against the slow twin, on policies of what SQL speaks. */
export async function trySql(g: GeneratorValue, connection: DuckDBConnection, { swollen = false }: Trial = {}): Promise<void> {
  const tried = drawCase(g, { core: true, swollen });
  const { policy, schema, histories, draw } = tried;
  const options = draw.chance(3) ? { startTier: draw.integer(0, tierNames(policy).length - 1) } : {};
  const { statement } = policyToSql(policy, schema, { columns: true, ...options });
  if (statement === undefined) return;
  await loadHistories(connection, schema, histories);
  const found = await runSql(connection, statement);
  refuse(
    histories.flatMap((history) => sqlDisagreements(policy, history.entity, evaluateEntity(policy, schema, history, options), found)),
    tried,
  );
}

function refuse(found: readonly string[], tried: RandomCase): void {
  if (found.length > 0) throw new Error(`${found.slice(0, 12).join("\n")}\n${describeCase(tried)}`);
}
