/** Frames of shards, from rows in whatever order: those of the kernels, or what is wrong with them. */
import { expect } from "chai";
import { InputRefused, present, randomStream } from "../../data/foundation/index.ts";
import type { EntityRows, OutcomeFrame } from "../../data/panel/index.ts";
import {
  digestShardFrames,
  type ReplaySummary,
  replayWithDigests,
  type ShardFrame,
  type ShardFrameRow,
  ShardFrameRows,
  type TierCount,
} from "../../simulations/replay/index.ts";
import { libraryPanel } from "../sql/library-panels.ts";

const { policy, panel } = libraryPanel("seller-performance@1.0.0", 20);
const from = panel.schema.firstPeriod + 3;
const to = panel.schema.lastPeriod - 1;

describe("frames of shards", () => {
  let summary: ReplaySummary;
  const shards: (readonly ShardFrameRow[])[] = [];

  before(async () => {
    const visit = (chunk: EntityRows, [frame]: readonly OutcomeFrame[]) => void shards.push(rowsOf(chunk, present(frame, "a frame")));
    summary = await replayWithDigests({ policies: [policy], panel, from, to, visit });
  });

  const digestOf = async (frames: readonly ShardFrame[]): Promise<string | undefined> => {
    const read = async (shard: number) => present(frames[shard], "a shard");
    const digested = await digestShardFrames(summary, { shardCount: frames.length, read, visit: () => {} });
    return digested.policies[0]?.digest;
  };

  it("are digested to what the kernels' frames are, in whatever order their rows come", async () => {
    const random = randomStream(7, "order of rows");
    const frames = shards.map((rows) => taken(rows.toSorted(() => random.below(3) - 1)));
    expect(await digestOf(frames)).to.equal(summary.policies[0]?.digest);
    expect(frames.reduce((sum, { rows }) => sum + rows.rowCount, 0)).to.equal(summary.entityPeriods);
  });

  it("are refused where shards do not follow one another in key order", async () => {
    const [first, second] = shards.map((rows) => taken(rows));
    const refused = await digestOf([present(second, "a frame"), present(first, "a frame")]).catch((error: unknown) => error);
    expect(refused)
      .to.be.instanceOf(InputRefused)
      .and.match(/engine-unfit: shard 1 begins with '.*', which does not come after/);
  });

  for (const [what, changed, expected] of [
    ["a row too few", (rows) => rows.slice(1), /rows were added up, and \d+ came/],
    ["a row too many", (rows) => [...rows, present(rows[0], "a row")], /more rows than were added up/],
    [
      "a period twice, another not at all",
      (rows) => rows.map((row, at) => (at === 1 ? present(rows[0], "a row") : row)),
      /they hold other tiers/,
    ],
    ["another tier", (rows) => rows.map((row, at) => (at === 0 ? row.with(5, row[5] === 0 ? 1 : 0) : row)), /they hold other tiers/],
    [
      "rows of one entity under another's name",
      (rows) => rows.map((row, at) => (at === 1 ? row.with(0, "nobody ~") : row)),
      /a gap, or a period twice/,
    ],
  ] as const satisfies readonly (readonly [string, (rows: readonly ShardFrameRow[]) => readonly ShardFrameRow[], RegExp])[]) {
    it(`are refused with ${what}`, () => {
      const rows = present(shards[0], "a shard");
      expect(() => taken(changed(rows), cellsOf(rows))).to.throw(InputRefused, expected);
    });
  }
});

function taken(rows: readonly ShardFrameRow[], cells = cellsOf(rows)): ShardFrame {
  const frame = new ShardFrameRows(cells);
  for (const row of rows) frame.add(row);
  return frame.finish();
}

function rowsOf({ entities, rowStart, firstPeriod, entityCount }: EntityRows, frame: OutcomeFrame): readonly ShardFrameRow[] {
  const rows: ShardFrameRow[] = [];
  for (let entity = 0; entity < entityCount; entity++) {
    const begin = rowStart[entity] as number;
    for (let row = begin; row < (rowStart[entity + 1] as number); row++) {
      if (frame.held[row] === -1) continue;
      const score = frame.score[row] as number;
      rows.push([
        entities[entity] as string,
        (firstPeriod[entity] as number) + row - begin,
        frame.evaluated[row] === 1,
        Number.isNaN(score) ? null : score,
        frame.merited[row] as number,
        frame.held[row] as number,
        frame.promoteCount[row] as number,
        frame.demoteCount[row] as number,
        frame.shielded[row] === 1,
      ]);
    }
  }
  return rows;
}

function cellsOf(rows: readonly ShardFrameRow[]): readonly TierCount[] {
  return rows.map(([, period, , , , held]) => ({ period: Number(period), held: Number(held), entities: 1 }));
}
