/** From files to tiers: a dataset with rates is imported, opened, pinned, and replayed by a policy of another currency. */
import { join } from "node:path";
import { expect } from "chai";
import { parseDay, present } from "../../data/foundation/index.ts";
import { checkAgainstPanel, readPolicy } from "../../policies/language/index.ts";
import { type ReplaySummary, replay } from "../../simulations/replay/index.ts";
import { importFrom, panelOf, testFolder, writeFiles } from "../data/dataset-files.ts";

const descriptor = `dataset: priced
entity: seller
grain: week
currency: BRL
known_at: 2024-03-31
key: [seller_id]
files:
  - { path: panel.csv, holds: panel, period: week_end, columns: { gmv: { flow: money } } }
  - { path: rates.csv, holds: rates, date: date, from: base, to: quote, rate: value }
`;
const panel = [
  "seller_id,week_end,gmv",
  ...["a", "b", "c"].flatMap((seller) => ["2024-01-07,100.00", "2024-01-14,100.00", "2024-01-21,0.05"].map((row) => `${seller},${row}`)),
];
const rates = ["date,base,quote,value", "2023-12-29,BRL,USD,0.2", "2024-01-14,BRL,USD,0.25", "2024-01-15,BRL,USD,0.5"];

const text = `programme: priced
version: 1.0.0
title: Priced
entity: seller
rationale: A line in USD.
metrics:
  sales: { sum: gmv in USD, over: 2 periods }
  place: { rank: sales, among: everyone, of at least: 2 peers }
tiers:
  - top: { when: sales >= 45 USD and place <= 50 % }
  - rest: {}
movement:
  evaluate: every week
`;

describe("a replay in another currency", () => {
  const folder = testFolder();
  const { policy } = readPolicy({ text, file: "priced.yaml", load: () => undefined });

  function replayOf(imported: Awaited<ReturnType<typeof importFrom>>, knownAt?: number) {
    const opened = panelOf(imported, knownAt);
    const checked = present(policy, "a policy");
    expect(checkAgainstPanel(checked, opened.schema).filter(({ severity }) => severity === "error")).to.deep.equal([]);
    const sales: number[][] = [];
    const summary: ReplaySummary = replay({
      policies: [checked],
      panel: opened,
      columns: ["sales"],
      visit: (chunk, [frame]) => {
        const column = [...present(frame?.columns.get("sales"), "a column")];
        for (let entity = 0; entity < chunk.entityCount; entity++)
          sales.push(column.slice(chunk.rowStart[entity], chunk.rowStart[entity + 1]));
      },
    });
    return { sales, summary };
  }

  it("is the same whatever the chunks, and at a pinned day before the later rates", async () => {
    writeFiles(folder, { "panel.csv": `${panel.join("\n")}\n`, "rates.csv": `${rates.join("\n")}\n`, "descriptor.yaml": descriptor });
    const imported = await importFrom(folder);
    const whole = replayOf(imported);
    // 100 at 0.2; 100 at 0.25, the rate of that week's last day; 0.05 at 0.5: two and a half hundredths are three
    expect(whole.sales).to.deep.equal([1, 2, 3].map(() => [2000, 4500, 2503]));
    const split = replayOf(await importFrom(folder, { chunkRows: 3, home: join(folder, "split") }));
    expect(split.summary).to.deep.equal(whole.summary);
    expect(replayOf(imported, parseDay("2024-01-14")).sales).to.deep.equal([1, 2, 3].map(() => [2000, 4500]));
  });
});
