/** The laws that never bend (design, section 4), on random policies and random histories. */
import { expect } from "chai";
import fc, { type GeneratorValue } from "fast-check";
import { lastDayOf, present } from "../../data/foundation/index.ts";
import { type Panel, type PlainPanel, panelFromRows } from "../../data/panel/index.ts";
import { accountOf, evaluateEntity, explainEntity } from "../../policies/explain/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { type Comparison, compare } from "../../simulations/comparison/index.ts";
import { replay, replayWithDigests } from "../../simulations/replay/index.ts";
import { columnNames } from "./agreement.ts";
import { Draw } from "./draw.ts";
import { runs } from "./parity.ts";
import { comparesPeers, slowPeers } from "./peers.ts";
import { describeCase, drawCase, type RandomCase } from "./random-case.ts";
import { drawCalendar, drawMovement } from "./random-movement.ts";

/** Tries a law on random cases; a failing one is printed so that it can be pasted. */
function holds(law: (tried: RandomCase, g: GeneratorValue) => void, numRuns = 60): void {
  const tried = (g: GeneratorValue) => {
    const drawn = drawCase(g);
    try {
      law(drawn, g);
    } catch (error) {
      throw new Error(`${String(error)}\n${describeCase(drawn)}`, { cause: error });
    }
  };
  fc.assert(fc.property(fc.gen(), tried), runs(numRuns, 8));
}

/** The same for a law that has to be waited for. */
async function holdsLater(law: (tried: RandomCase) => Promise<void>): Promise<void> {
  const tried = async (g: GeneratorValue) => {
    const drawn = drawCase(g);
    await law(drawn).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${describeCase(drawn)}`, { cause: error });
    });
  };
  await fc.assert(fc.asyncProperty(fc.gen(), tried), runs(60, 8));
}

describe("laws", () => {
  it("null reform: a policy compared with itself moves nobody", () => {
    holds(({ policy, panel }) => {
      const [same] = compareTwo(policy, policy, panel).candidates;
      const { movement, range, newlyAdverse, released } = present(same, "candidate");
      expect([movement.movers, movement.up, movement.down, movement.intoUnrated, movement.outOfUnrated]).to.deep.equal([0, 0, 0, 0, 0]);
      expect([range.everDiffered, range.differingEntityPeriods, range.differAtEnd, range.afterFirstDivergence]).to.deep.equal([0, 0, 0, 0]);
      expect([newlyAdverse, released]).to.deep.equal([0, 0]);
    }, 40);
  });

  it("antisymmetry: swapping baseline and candidate transposes the matrix and swaps the directions", () => {
    holds(({ policy, schema, panel }, g) => {
      const other = alternative(policy, new Draw(g), schema.grain);
      const [there] = compareTwo(policy, other, panel).candidates;
      const [back] = compareTwo(other, policy, panel).candidates;
      const [a, b] = [present(there, "candidate"), present(back, "candidate")];
      expect(entriesOf(a.movement, false)).to.deep.equal(entriesOf(b.movement, true));
      expect([a.movement.intoUnrated, a.movement.outOfUnrated]).to.deep.equal([b.movement.outOfUnrated, b.movement.intoUnrated]);
      expect([a.newlyAdverse, a.released]).to.deep.equal([b.released, b.newlyAdverse]);
      expect(a.range.differingEntityPeriods).to.equal(b.range.differingEntityPeriods);
    }, 40);
  });

  it("additivity: tiers add up to the frame, movers to their kinds", () => {
    holds(({ policy, schema, panel, histories }, g) => {
      const comparison = compareTwo(policy, alternative(policy, new Draw(g), schema.grain), panel);
      const candidate = present(comparison.candidates[0], "candidate");
      const { matrix, movers, up, down, intoUnrated, outOfUnrated } = candidate.movement;
      expect(movers).to.equal(up + down + intoUnrated + outOfUnrated);
      const seen = histories.flatMap(({ rows }) => rows.filter(({ period }) => period <= endOf(panel)));
      expect(sum(matrix.flat())).to.equal(seen.filter(({ period }) => period === endOf(panel)).length);
      for (const distribution of [comparison.baseline.distribution, candidate.distribution]) {
        expect(sum(distribution.flatMap(({ tiers }) => Object.values(tiers).map(({ entities }) => entities)))).to.equal(seen.length);
        const gmv = sum(seen.map((row) => row.measures["gmv"] ?? 0));
        expect(sum(distribution.flatMap(({ tiers }) => Object.values(tiers).map((tier) => tier.gmv)))).to.equal(gmv);
      }
    }, 40);
  });

  it("no look-ahead: cutting the panel after a period changes nothing at or before it", () => {
    holds(({ policy, schema, plain, panel, draw }) => {
      const last = draw.integer(schema.firstPeriod, schema.lastPeriod);
      const seen = comparesPeers(policy) ? withoutOpenGaps(plain, last) : plain;
      const cut = cutAfter(seen, last);
      if (cut.rows.length === 0) return;
      const whole = framesOf(policy, seen === plain ? panel : panelFromRows(seen));
      for (const [key, row] of framesOf(policy, panelFromRows(cut))) expect(row, key).to.deep.equal(whole.get(key));
    });
  });

  it("two clocks: what becomes known later changes nothing before", () => {
    holds(({ policy, schema, plain, panel, draw }) => {
      const last = draw.integer(schema.firstPeriod, schema.lastPeriod);
      const pinnedAt = lastDayOf(schema.grain, last);
      const known = (plain.events ?? []).filter((event) => event.knownDay <= pinnedAt);
      const late = known.map((event) => ({ ...event, id: `late-${event.id}`, knownDay: pinnedAt + 1 + draw.integer(0, 30) }));
      const whole = framesOf(policy, panel);
      for (const [key, row] of framesOf(policy, panelFromRows({ ...plain, events: [...known, ...late] }))) {
        if (row.period <= last) expect(row, key).to.deep.equal(whole.get(key));
      }
    });
  });

  it("order is irrelevant: shuffled rows in chunks of any size give the same bytes", async () => {
    await holdsLater(async ({ policy, plain, panel, draw }) => {
      const shuffled = [...plain.rows].map((row) => ({ row, at: draw.integer(0, 1000) })).sort((a, b) => a.at - b.at);
      const other = panelFromRows({
        ...plain,
        rows: shuffled.map(({ row }) => row),
        events: [...(plain.events ?? [])].reverse(),
        chunkEntities: draw.integer(1, 3),
      });
      expect(await digestOf(policy, other)).to.equal(await digestOf(policy, panel));
    });
  });

  it("missing is missing: no result holds NaN or null", () => {
    holds(({ policy, schema, panel, histories }) => {
      expect(JSON.stringify(compareTwo(policy, policy, panel))).not.to.match(/\bNaN\b|\bnull\b/);
      const peers = slowPeers(policy, schema, histories);
      for (const history of histories) {
        for (const row of evaluateEntity(policy, schema, history, { peers })) {
          expect(JSON.stringify(row)).not.to.match(/\bNaN\b|\bnull\b/);
          const trace = explainEntity(policy, schema, history, lastDayOf(schema.grain, row.period), { peers });
          expect(JSON.stringify(trace)).not.to.match(/\bNaN\b|\bnull\b/);
          expect(accountOf(trace)).not.to.match(/NaN|undefined|Infinity/);
        }
      }
    }, 20);
  });

  it("start state: past the last period that it matters, every start gives the same tier", () => {
    holds(({ policy, schema, panel, histories }) => {
      const peers = slowPeers(policy, schema, histories);
      const { startMatters } = present(replay({ policies: [policy], panel, visit: () => undefined }).policies[0], "policy");
      const free = schema.firstPeriod + startMatters.periods;
      const ends = policy.tiers.flatMap((tier, code) => (tier.terminal ? [] : [code]));
      const [best, worst] = [Math.min(...ends), Math.max(...ends)];
      for (const history of histories.filter(({ rows }) => rows[0]?.period === schema.firstPeriod)) {
        const [low, high] = [best, worst].map((startTier) =>
          evaluateEntity(policy, schema, history, { startTier, peers }).map((row) => row.held),
        );
        const after = history.rows.findIndex((row) => row.period >= free);
        if (startMatters.entitiesAtEnd === 0 && after >= 0 && ends.length > 0) expect(low?.slice(after)).to.deep.equal(high?.slice(after));
      }
    });
  });
});

/** A period at which most random entities are in the frame. */
function endOf({ schema }: Panel): number {
  return schema.firstPeriod + 8;
}

function compareTwo(baseline: Policy, candidate: Policy, panel: Panel): Comparison {
  return compare({ baseline, candidates: [candidate], panel, to: endOf(panel), seed: 1, replicates: 5 });
}

/** Another policy with the same tiers, so that matrices compare. */
function alternative(policy: Policy, draw: Draw, grain: RandomCase["schema"]["grain"]): Policy {
  const vocabulary = { numbers: [], texts: [], conditions: [], windows: [] };
  const evaluate = drawCalendar(draw, grain);
  const { start: _start, ...movement } = drawMovement(draw, {
    evaluate,
    tiers: policy.tiers,
    otherwise: undefined,
    core: false,
    vocabulary,
  });
  return { ...policy, version: "2.0.0", digest: "other", movement };
}

/** The cells of a matrix that hold somebody, by tier names; `transposed`: columns first. */
function entriesOf({ rows, columns, matrix }: Comparison["candidates"][number]["movement"], transposed: boolean): readonly string[] {
  const cells = matrix.flatMap((line, row) => line.map((entities, column) => ({ row: rows[row], column: columns[column], entities })));
  const names = cells
    .filter(({ entities }) => entities > 0)
    .map(({ row, column, entities }) => (transposed ? `${column} ${row} ${entities}` : `${row} ${column} ${entities}`));
  return names.sort();
}

/** Held and merited tier, score, counters and every column of every row, by entity and period. */
function framesOf(policy: Policy, panel: Panel) {
  const found = new Map<string, { readonly period: number; readonly values: Readonly<Record<string, number>> }>();
  replay({
    policies: [policy],
    panel,
    columns: columnNames(policy),
    visit: (chunk, frames) => {
      const frame = present(frames[0], "frame");
      const { held, merited, score, promoteCount, demoteCount, shielded } = frame;
      const columns = Object.entries({ held, merited, score, promoteCount, demoteCount, shielded, ...Object.fromEntries(frame.columns) });
      for (const [entity, name] of chunk.entities.entries()) {
        const start = chunk.rowStart[entity] ?? 0;
        for (let row = start; row < (chunk.rowStart[entity + 1] ?? 0); row++) {
          const period = (chunk.firstPeriod[entity] ?? 0) + row - start;
          // `+ 0`: 0 and -0 are one number to all that reads a frame, but not to the assertion.
          const values = Object.fromEntries(columns.map(([column, all]) => [column, (all[row] ?? Number.NaN) + 0]));
          found.set(`${name} ${period}`, { period, values });
        }
      }
    },
  });
  return found;
}

/**
 * Without the entities that are in a gap at the end of a period: who is back later is in the frame all the while, and so a peer of
 * others, but in a panel that ends there nobody knows yet that they will be.
 */
function withoutOpenGaps(plain: PlainPanel, last: number): PlainPanel {
  const reported = new Set(plain.rows.flatMap(({ entity, period }) => (period === last ? [entity] : [])));
  const later = new Set(plain.rows.flatMap(({ entity, period }) => (period > last ? [entity] : [])));
  const isOpen = ({ entity }: { readonly entity: string }): boolean => later.has(entity) && !reported.has(entity);
  return { ...plain, rows: plain.rows.filter((row) => !isOpen(row)), events: (plain.events ?? []).filter((event) => !isOpen(event)) };
}

/** The panel as it stood at the end of a period. */
function cutAfter(plain: PlainPanel, last: number): PlainPanel {
  const pinnedAt = lastDayOf(plain.schema.grain, last);
  const rows = plain.rows.filter((row) => row.period <= last);
  const entities = new Set(rows.map((row) => row.entity));
  const events = (plain.events ?? []).filter((event) => event.knownDay <= pinnedAt && entities.has(event.entity));
  return { ...plain, rows, events };
}

async function digestOf(policy: Policy, panel: Panel): Promise<string> {
  const { policies } = await replayWithDigests({ policies: [policy], panel, visit: () => undefined });
  return present(policies[0]?.digest, "digest");
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
