/** Windows and families of metrics through the doors: refused at their place, observed by days, and said on the page and in the files. */
import { expect } from "chai";
import { formatDay, InputRefused, parseDay, randomStream } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const design = (window: string) => `experiment: early
title: The first week
hypothesis: They order sooner.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm, day: day }
metrics:
  early: { mean: orders, role: primary, better: up, window: ${window} }
  orders: { mean: orders, role: secondary, better: up }
  late: { mean: late, role: secondary, better: down, window: 14 days }
plan: { looks: once, units: 300, secondary: holm, start: 2025-03-03, weeks: 4 }
`;

function rows(): string {
  const random = randomStream(4, "early");
  const start = parseDay("2025-03-03") ?? 0;
  const lines = Array.from({ length: 400 }, (_, unit) => {
    const first = random.below(28);
    const arm = unit % 2 === 0 ? "control" : "gentle";
    return Array.from({ length: 28 - first }, (__, age) => {
      const orders = random.below(4) + (arm === "gentle" && age < 7 ? 1 : 0);
      return `s${unit},${arm},${formatDay(start + first + age)},${orders},${random.below(orders + 1)}`;
    });
  });
  return ["seller,arm,day,orders,late", ...lines.flat()].join("\n");
}

describe("metrics with windows, through the doors", () => {
  let server: RunningServer;
  let store: Store;
  let remove: () => void;

  before(async () => {
    ({ store, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    await perform(store, "experiment design", { file: { file: "design.yaml", text: design("7 days") } });
    await perform(store, "experiment lock", { name: "early" });
    await perform(store, "experiment observe", { name: "early", file: { file: "rows.csv", text: rows() } });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const text = async (path: string): Promise<string> => await (await fetch(server.address + path)).text();

  it("say on the page and in the files which days count, who is left out, and what is looked at together", async () => {
    for (const path of ["/experiments/early", "/experiments/early/analysis.html", "/experiments/early/analysis.csv"]) {
      const said = await text(path);
      expect(said).to.include("early counts 7 days from exposure on; late counts 14 days from exposure on");
      expect(said).to.match(/early counts 7 days from exposure on: \d+ units are left out/);
      expect(said).to.include("Over the 2 comparisons of secondary metrics p-values are adjusted by Holm");
    }
    const csv = await text("/experiments/early/analysis.csv");
    expect(csv).to.match(/scorecard,orders,secondary,gentle,,,"absolute, adjusted",,/);
    const { analysis } = JSON.parse(await text("/experiments/early/analysis.json")) as {
      analysis: { units: number; scorecard: { control: { units: number }; treatment: { units: number }; reading: string }[] };
    };
    const [early] = analysis.scorecard;
    expect(analysis.units).to.equal(400);
    expect((early?.control.units ?? 0) + (early?.treatment.units ?? 0)).to.be.within(290, 330);
    expect(early?.reading).to.equal("better");
  });

  it("are not amended into other days without reading the rows again", async () => {
    await perform(store, "experiment design", { file: { file: "design.yaml", text: design("5 days") }, amend: "A shorter week." });
    const refused = await perform(store, "experiment analyse", { name: "early" }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(InputRefused);
    expect(String(refused)).to.include("was read before 'early' was amended in what is measured");
    await perform(store, "experiment observe", { name: "early", file: { file: "rows.csv", text: rows() } });
    expect(await text("/experiments/early"))
      .to.include("early counts 5 days from exposure on")
      .and.to.include("A shorter week.");
  });

  it("are what a cohort lacks that is looked at again with later days: the plan has one look at it", async () => {
    const cohort = design("7 days")
      .replace("experiment: early", "experiment: cohort")
      .replace(", window: 7 days", "")
      .replace("units: 300", "units: 20");
    const upTo = (days: number) =>
      ["seller,arm,day,orders,late"]
        .concat(
          Array.from(
            { length: 20 * days },
            (_, at) =>
              `s${at % 20},${at % 2 === 0 ? "control" : "gentle"},2025-03-${String(3 + Math.floor(at / 20)).padStart(2, "0")},${at % 3},0`,
          ),
        )
        .join("\n");
    const observe = async (days: number) =>
      await perform(store, "experiment observe", { name: "cohort", file: { file: "rows.csv", text: upTo(days) } });
    await perform(store, "experiment design", { file: { file: "design.yaml", text: cohort } });
    await perform(store, "experiment lock", { name: "cohort" });
    for (const days of [7, 7]) await observe(days);
    expect(await text("/experiments/cohort")).to.include("one look: effects are judged by their tests");
    await observe(14);
    expect(await text("/experiments/cohort")).to.include("The same units were looked at before, with rows up to 2025-03-09");
  });
});
