/** A quantile through the doors: sized by a dataset, observed by clusters, and said on the page and in the files. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const design = (assignment: string) => `experiment: middle
title: The seller in the middle
hypothesis: It sells more.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: ${assignment}
columns: { unit: seller, day: day }
metrics:
  middle: { quantile: 50 % of gmv, role: primary, better: up, effect: 10 % of control }
  sales: { mean: gmv, role: secondary, better: up }
plan: { looks: once, start: 2025-03-03, weeks: 2 }
`;

function rows(): string {
  const random = randomStream(9, "middle");
  const lines = Array.from({ length: 800 }, (_, index) =>
    ["2025-03-03", "2025-03-10"].map((day) => `s${index},m${index % 160},${day},${(20 * Math.exp(random.normal())).toFixed(2)}`),
  );
  return ["seller,market,day,gmv", ...lines.flat()].join("\n");
}

describe("a quantile of an experiment, through the doors", () => {
  let server: RunningServer;
  let store: Store;
  let dataset: string;
  let remove: () => void;

  before(async () => {
    ({ store, dataset, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    await perform(store, "experiment design", { file: { file: "design.yaml", text: design("{ salt: middle, cluster: market }") } });
    await perform(store, "experiment lock", { name: "middle" });
    await perform(store, "experiment observe", { name: "middle", file: { file: "rows.csv", text: rows() } });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const text = async (path: string): Promise<string> => await (await fetch(server.address + path)).text();

  it("stands on the page and in the files with its method, and with what is not told of it", async () => {
    const words = "Of middle there is no course over days and no effect by week since exposure";
    for (const path of ["/experiments/middle", "/experiments/middle/analysis.html"]) {
      const html = await text(path);
      expect(html).to.include("50 % quantiles, outer interval, clustered").and.to.include(words);
    }
    const csv = await text("/experiments/middle/analysis.csv");
    expect(csv)
      .to.match(/scorecard,middle,primary,gentle.*"50 % quantiles, outer interval, clustered"/)
      .and.to.include(words);
    const { analysis } = JSON.parse(await text("/experiments/middle/analysis.json")) as {
      analysis: { scorecard: { form: string; control: { value: number }; absolute: { kind: string } }[] };
    };
    const [row] = analysis.scorecard;
    expect([row?.form, row?.absolute.kind]).to.deep.equal(["quantile", "estimate"]);
    // The median of two log-normal weeks of 20.
    expect(row?.control.value).to.be.within(40, 65);
  });

  it("is sized by the dataset's own units and by its groups", async () => {
    const later = design("{ salt: middle }")
      .replace("experiment: middle", "experiment: middle-2")
      .replace(/ start: .*, weeks: 2 /, " ");
    const { sizes } = await perform<{
      sizes: readonly { metric: string; history: { value: number }; units: { estimate?: { value: number } } }[];
    }>(store, "experiment design", { file: { file: "design.yaml", text: later }, dataset });
    const [middle, sales] = sizes;
    expect(middle?.metric).to.equal("middle");
    expect(middle?.units.estimate?.value).to.be.above(0);
    expect(middle?.history.value).to.be.above(0).and.to.not.equal(sales?.history.value);
  });
});
