/** What the report says about fairness is borne by the comparison: a planted group is named, none is where there is none. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import { type Comparison, compare } from "../../simulations/comparison/index.ts";
import { describeReport, figureCsv, type Report, renderReport, reportCsv } from "../../views/index.ts";
import { sampleReportContext } from "../views/sample-comparison.ts";
import { baseline, candidate, modelWorld } from "./parallel-worlds.ts";
import { label, letterPolicy, panelOf, type SmallSeller, source } from "./small-market.ts";

/** Eighty sellers in each of four states; `planted`: the state in which most of the good turn adverse. */
function market(planted: string | undefined, options: { same?: boolean; harmfulIn?: string } = {}): Comparison {
  const stream = randomStream(2, "report", planted ?? "none");
  const entries = Array.from({ length: 320 }, (_, index): [string, SmallSeller] => {
    const state = ["MG", "RJ", "RS", "SP"][index % 4] as string;
    const turns = options.same !== true && stream.uniform() < (state === planted ? 0.6 : 0.1);
    return [`s${index}`, { baseline: "sss", candidate: turns ? "ssw" : "sss", gmv: [10, 20, 30], orders: [stream.below(90), 5, 5], state }];
  });
  const isHarmful = (index: number): boolean =>
    options.harmfulIn !== undefined && ["MG", "RJ", "RS", "SP"][index % 4] === options.harmfulIn;
  return compare({
    baseline: letterPolicy("baseline"),
    candidates: [letterPolicy("candidate")],
    panel: panelOf({
      sellers: Object.fromEntries(entries),
      sources: [source("bad", { horizonDays: 7, lagDays: 0 })],
      outcomes: entries.map(([entity], index) => label(entity, "bad", 1, isHarmful(index) && index % 3 !== 0 ? 1 : 0)),
    }),
    seed: 1,
    replicates: 200,
  });
}

function sectionOf(comparison: Comparison): Report["sections"][number] {
  const { sections } = describeReport(comparison, sampleReportContext());
  const section = sections.find(({ id }) => id === "fairness");
  if (section === undefined) throw new Error("no section");
  return section;
}

const textOf = (comparison: Comparison): string => JSON.stringify(sectionOf(comparison)).replaceAll("\u00a0", " ");

describe("the report on fairness", () => {
  const withPlanted = market("SP");

  it("names a planted group, with what it is set against, and no other", () => {
    const text = textOf(withPlanted);
    expect(text).to.include("Sellers of state SP turn adverse more often than the rest, beyond chance");
    expect(text).to.include("Newly adverse: worst off are sellers of state SP");
    const rows = sectionOf(withPlanted).blocks.flatMap((block) =>
      block.kind === "figure" && block.figure.id === "fairness-groups" ? [block.figure] : [],
    );
    expect(rows[0]?.table.rows.filter((row) => row[10] === "beyond chance" && Number(row[5]) > 0).map((row) => row[1])).to.deep.equal([
      "SP",
    ]);
  });

  it("names nobody where there is only chance, and says so of a policy against itself", () => {
    expect(textOf(market(undefined))).to.include("No group turns adverse more often than the rest by more than chance would make it");
    expect(textOf(market(undefined, { same: true }))).to.include("Nobody is newly adverse, so that no group bears more than another");
  });

  it("warns that not everything can be equal only where base rates differ", () => {
    expect(textOf(market("SP", { harmfulIn: "RJ" }))).to.match(/differs by state \(0\.0 % in \w+, 67\.5 % in RJ\)/);
    expect(textOf(withPlanted)).to.not.include("Not everything can be equal");
  });

  it("draws flips from noise with shrinking beside them, or says why not", () => {
    expect(textOf(withPlanted)).to.include("How many tiers are noise is not determined");
    const comparison = compare({ baseline, candidates: [candidate], panel: modelWorld(120, 1), seed: 5, replicates: 200 });
    const text = textOf(comparison);
    expect(text).to.match(
      /Had luck been drawn again, at least about \d+ % of sellers with 0 to 29 orders would be in another tier under 2\.0\.0/,
    );
    expect(text).to.match(/Shrinking its shares would take flips among sellers with 0 to 29 orders from \d+ to \d+ %/);
    expect(text).to.include("Steadier is not better by itself");
    const report = describeReport(comparison, sampleReportContext());
    expect(figureCsv(report, "noise-flips")).to.include("orders in 12 weeks");
    expect(renderReport(report, { mode: "method", standalone: true })).to.include(
      "Flips from noise: drawn again were late deliveries of deliveries",
    );
  });

  it("stays readable where hardly anybody is there", () => {
    const few = compare({ baseline, candidates: [candidate], panel: modelWorld(5, 1), seed: 5, replicates: 200 });
    expect(textOf(few)).to.include("How many tiers are noise is not determined");
    for (const mode of ["brief", "full", "method"] as const) {
      const page = renderReport(describeReport(few, sampleReportContext()), { mode, standalone: true });
      expect(page).to.not.match(/NaN|Infinity|undefined/);
    }
  });

  it("carries every figure into the long table", () => {
    const csv = reportCsv(withPlanted);
    for (const figure of [
      "demotion_rate, change",
      "net_benefit_gmv",
      "false_share, candidate",
      "newly-adverse, ratio to all",
      "newly-adverse, pooled",
    ])
      expect(csv).to.include(figure);
    expect(csv).to.match(/fairness,"?newly-adverse, p"?,.*Holm/);
  });
});
