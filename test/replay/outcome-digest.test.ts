/** The digest of outcomes against its definition: texts of entities, pages of rows, and where they end. */
import { createHash } from "node:crypto";
import { expect } from "chai";
import { digestedRows, OutcomeDigest } from "../../simulations/replay/outcome-digest.ts";

/** More entities than a page of 65,536, of one row each; keys may hold any character, the separator of the texts too. */
const keys = Array.from({ length: 65_600 }, (_, index) => `${String(index).padStart(6, "0")}\u001dé`);
const scoreOf = (index: number) => (index % 7 === 0 ? Number.NaN : index / 4);
const first = 2_870;

describe("the digest of outcomes", () => {
  it("is that of its pages, which are counted over the whole panel wherever chunks end", async () => {
    const pages = [keys.slice(0, 65_536), keys.slice(65_536)].map((page) => ({ from: keys.indexOf(page[0] ?? ""), page }));
    const entityPages = pages.map(({ page }) => sha256(page.map((key) => `${key}\u001e${first}\u001e1`).join("\u001d")));
    const rowPages = pages.flatMap(({ from, page }) => [
      sha256(Float64Array.from(page, (_, row) => (Number.isNaN(scoreOf(from + row)) ? Number.NEGATIVE_INFINITY : scoreOf(from + row)))),
      sha256(Int32Array.from(page, (_, row) => from + row)),
    ]);
    const expected = sha256(["gold", "", ...entityPages, "", ...rowPages].join("\n"));
    for (const ends of [[65_600], [65_536, 65_600], [1, 1, 65_530, 65_599, 65_600]]) expect(await digestOf(ends)).to.equal(expected);
  });
});

/** Of chunks that end so. */
async function digestOf(ends: readonly number[]): Promise<string> {
  const digest = new OutcomeDigest(["gold"]);
  let from = 0;
  for (const end of ends) {
    digest.add(chunkOf(from, end));
    from = end;
  }
  return await digest.finish();
}

function chunkOf(from: number, end: number): ReturnType<ReturnType<typeof digestedRows>> {
  const entities = keys.slice(from, end);
  const starts = Int32Array.from({ length: entities.length + 1 }, (_, row) => row);
  const firstPeriod = new Int32Array(entities.length).fill(first);
  const rows = { begin: starts.subarray(0, -1), end: starts.subarray(1) };
  const score = Float64Array.from(entities, (_, row) => scoreOf(from + row));
  const states = Int32Array.from(entities, (_, row) => from + row);
  const chunk = { entityCount: entities.length, rowCount: entities.length, entities, firstPeriod, rowStart: starts };
  return digestedRows(chunk, rows)({ score, states });
}

function sha256(content: string | NodeJS.ArrayBufferView): string {
  return createHash("sha256").update(content).digest("hex");
}
