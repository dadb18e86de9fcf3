/** What somebody who has not seen the code would otherwise read wrongly: who is set against whom, who only waits, how much is one seller's. */
import { expect } from "chai";
import type { LabelEstimates } from "../../simulations/comparison/errors/estimates.ts";
import type { CandidateComparison, Comparison, Fairness } from "../../simulations/comparison/index.ts";
import { estimated, undetermined } from "../../simulations/statistics/index.ts";
import { describeReport, type Report, reportCsv } from "../../views/index.ts";
import type { Facts } from "../../views/report/facts.ts";
import { beyondTheRest } from "../../views/report/fairness-section.ts";
import { sampleComparison, sampleReportContext } from "./sample-comparison.ts";

const describeSample = (comparison: Comparison): Report => describeReport(comparison, sampleReportContext());
const words = (spans: readonly { readonly text: string }[]) => spans.map((span) => span.text.replaceAll("\u00a0", " ")).join("");
const everything = (report: Report) => JSON.stringify(report).replaceAll("\u00a0", " ");

function changed(change: (candidate: CandidateComparison) => CandidateComparison): Comparison {
  const sample = sampleComparison();
  return { ...sample, candidates: sample.candidates.map(change) };
}

describe("a report read by who has not seen the code", () => {
  it("does not say that nobody bears it where a group stands out against the rest beyond chance", () => {
    const rate = estimated({ value: 0.16, method: "wilson", n: 124 });
    const group = {
      value: "West",
      entities: 124,
      rated: 120,
      rates: { newlyAdverse: rate },
      againstRest: { "newly-adverse": { difference: estimated({ value: 0.09, lower: 0.03, upper: 0.16, method: "score", n: 1344 }) } },
    };
    const fairness = {
      worst: [{ figure: "newly-adverse", segment: "region", value: "West", isBeyondChance: true, isBeyondChanceHolm: false }],
      segmentations: [{ segment: "region", groups: [group] }],
    } as unknown as Fairness;
    const facts = { one: "seller", many: "sellers", candidate: { fairness } } as unknown as Facts;
    expect(beyondTheRest(facts)).to.deep.equal({ group: "sellers of region West", rate: "16.0\u00a0%", rest: "7.0\u00a0%" });
    const worst = fairness.worst.map((one) => ({ ...one, isBeyondChance: false }));
    expect(beyondTheRest(facts, { ...fairness, worst })).to.equal(undefined);
  });

  it("sets groups against those who are rated, and says so", () => {
    const parted = changed((candidate) => ({
      ...candidate,
      segments: candidate.segments.map((row, index) => ({ ...row, rated: index === 0 ? Math.ceil(row.entities / 2) : row.entities })),
    }));
    const [before, after] = [sampleComparison(), parted].map((one) => describeSample(one)) as [Report, Report];
    expect(words(before.answer)).to.match(/bear it: \d+ % of sellers, /);
    expect(words(after.answer)).to.match(/bear it: \d+ % of those rated, /);
    expect(everything(after))
      .to.match(/are \d+ % of those rated and \d+ % of the newly adverse/)
      .and.to.include("Rates and shares of groups are therefore of those who are rated.");
  });

  it("says of the released, under the matrix and in the list, who merits an adverse tier already", () => {
    const still = changed((candidate) => ({
      ...candidate,
      newlyAdverse: 109,
      released: 26,
      waiting: { newlyAdverse: 17, released: 11 },
      affected: candidate.affected.slice(0, 1).map(({ restore: _restore, ...entity }) => ({
        ...entity,
        baselineTier: "watch",
        candidateTier: "standard",
        merits: "watch",
      })),
    }));
    const report = describeSample(still);
    expect(words(report.answer)).to.include(", and holds 83 more adverse: 109 newly, 26 released. ");
    expect(everything(report))
      .to.include(
        "11 of the 26 sellers released already merit an adverse tier and wait for it; 17 of the 109 sellers newly adverse already merit one",
      )
      .and.to.include("merits watch already, and waits for it")
      .and.to.include("The largest mover is released, and already merits an adverse tier");
    const few = changed((candidate) => ({ ...candidate, released: 26, waiting: { newlyAdverse: 0, released: 1 } }));
    expect(everything(describeSample(few))).to.include("1 of the 26 sellers released already merits an adverse tier and waits for it.");
  });

  it("says how much of what is at stake lies with few", () => {
    const held = (one: number) =>
      changed((candidate) =>
        candidate.gmv === undefined || candidate.gmv.atStake.kind !== "estimate"
          ? candidate
          : {
              ...candidate,
              gmv: {
                ...candidate.gmv,
                entities: 349,
                largest: { one: one * candidate.gmv.atStake.value, ten: 0.45 * candidate.gmv.atStake.value },
              },
            },
      );
    const much = describeSample(held(0.2));
    expect(everything(much))
      .to.include("Of what is at stake one seller holds 20 % ")
      .and.to.include(", the ten largest 45 %; without that one it would be ");
    expect(everything(describeSample(held(0.1)))).to.include("Of what is at stake one seller holds 10 % ");
    expect(reportCsv(held(0.2)))
      .to.include("at_stake, one largest")
      .and.to.include("at_stake, ten largest");
  });

  it("gives the long table no word for what is not there", () => {
    expect(reportCsv(sampleComparison())).not.to.include("undefined");
    const merits = changed((candidate) => ({
      ...candidate,
      affected: candidate.affected.map(({ restore: _restore, ...one }) => ({ ...one, merits: "watch" })),
    }));
    expect(reportCsv(merits)).to.include("Merits watch already, and waits for it.").and.not.to.include("undefined");
  });

  it("says which way the false-positive rate goes where the limits alone tell it, although no single figure is given", () => {
    const refused = (lower: number, upper: number) =>
      changed((candidate) => ({
        ...candidate,
        errors: candidate.errors.map((errors) => {
          const end = (value: number) => estimated({ value, method: "bound", n: 1717 });
          const bounds = { lower: end(lower), upper: end(upper) };
          const headline = { estimate: undetermined("labels reach too few", "random audits") };
          const rates = (["baseline", "candidate"] as const).map((side) => ({
            side,
            name: "false-positive-rate",
            estimates: [],
            bounds,
            headline,
          }));
          return {
            ...errors,
            estimates: {
              estimators: [],
              rates,
              falsePositiveChange: { estimates: [], bounds, headline },
              fineShares: [],
            } as unknown as LabelEstimates,
            falsePositiveChangeBounds: bounds,
          };
        }),
      }));
    const answer = (lower: number, upper: number) => words(describeSample(refused(lower, upper)).answer);
    expect(answer(0.0119, 0.1008)).to.match(/of fine sellers are held adverse, 1\.2 to 10\.1 points more\. /);
    expect(answer(-0.1008, -0.0119)).to.match(/of fine sellers are held adverse, 1\.2 to 10\.1 points less\. /);
    expect(answer(-0.01, 0.02)).not.to.include("points");
  });
});
