/** What a report says is borne by its comparison, in every awkward case. */
import { expect } from "chai";
import type { CandidateComparison, Comparison } from "../../simulations/comparison/index.ts";
import { estimated } from "../../simulations/statistics/index.ts";
import { describeReport, figureCsv, figureSvg, type Report, renderReport, reportCsv } from "../../views/index.ts";
import { bareComparison, candidateOf, nullReform, sampleComparison, sampleReportContext, tinyComparison } from "./sample-comparison.ts";
import { hostile, longName } from "./sample-contexts.ts";

const describeSample = (comparison: Comparison, extra = {}): Report => describeReport(comparison, sampleReportContext(extra));
const words = (spans: readonly { readonly text: string }[]) => spans.map((span) => span.text.replaceAll("\u00a0", " ")).join("");
const everything = (report: Report) => JSON.stringify(report).replaceAll("\u00a0", " ");

function changed(change: (candidate: CandidateComparison) => CandidateComparison): Comparison {
  const sample = sampleComparison();
  return { ...sample, candidates: sample.candidates.map(change) };
}

describe("a report", () => {
  it("answers in one paragraph with the figures of the comparison", () => {
    expect(words(describeSample(sampleComparison()).answer)).to.equal(
      "Version 2.0.0 moves 3.1 % of sellers to another tier, two in three down, and holds 59 more adverse: 146 newly, 87 released. " +
        "$29.6 million of sales (4.2 %) come under a different consequence. " +
        "8.4 % of known fine sellers are held adverse, not 7.5 %; limits for all: −1.90 to +5.40 points. " +
        "Small sellers bear it: 31 % of sellers, 62 % of the newly adverse.",
    );
  });

  it("states five figures, each with a definition and a period", () => {
    for (const comparison of [sampleComparison(), nullReform(), bareComparison(), tinyComparison()]) {
      const report = describeSample(comparison);
      expect(report.strip).to.have.length(5);
      for (const figure of report.strip) {
        expect(report.definitions.map((definition) => definition.id)).to.include(figure.id);
        expect(figure.interval, figure.id).not.to.equal("");
      }
    }
  });

  it("says of a null reform that nobody moves, and nothing else moves either", () => {
    const report = describeSample(nullReform());
    expect(words(report.answer)).to.match(
      /moves nobody: .* every seller holds the same tier under both versions, as in every week of the range\. /,
    );
    expect(words(report.answer)).to.include("No sales come under a different consequence");
    const titles = everything(report);
    for (const title of [
      "Nobody ends in another tier",
      "No sales change treatment",
      "Whatever the missing labels say",
      "Nobody is newly adverse",
      "Nobody is affected",
      "Every tier holds the same share",
      "Each tier keeps its share of sales",
    ])
      expect(titles).to.include(title);
  });

  it("prints the static-replay sentence with the share after first divergence", () => {
    expect(everything(describeSample(sampleComparison()))).to.include("that holds for 36,000 of 240,000 seller-weeks (15 %)");
  });

  it("heads shared outcomes 'predictive, not truth', and says who is assumed untreated", () => {
    const report = everything(describeSample(sampleComparison()));
    expect(report).to.include("predictive, not truth");
    expect(report).to.include("assumed untreated");
  });

  it("says how the date of the error rates was chosen, and who is assumed untreated in part", () => {
    const dated = changed((candidate) => ({
      ...candidate,
      errors: candidate.errors.map((errors) => ({
        ...errors,
        assumedUntreated: false,
        assumedUntreatedEntities: 3,
        dateRule: "the last mature evaluation about which 'bad_orders' has labels; the last mature one is 2025-07-27",
      })),
    }));
    const report = everything(describeSample(dated));
    expect(report).to.include(
      "at 29 Jun 2025, the last mature evaluation about which “bad orders” has labels; the last mature one is 27 Jul 2025;",
    );
    expect(report).to.include("For 3 sellers with a label the tier really assigned is not known all the way");
  });

  it("says that sales at stake are not lost, and that traffic is a scenario", () => {
    expect(everything(describeSample(sampleComparison())))
      .to.include("At stake is not lost")
      .and.to.include("Traffic is a scenario");
  });

  it("prints the reason where a figure could not be determined", () => {
    const report = describeSample(tinyComparison());
    expect(report.strip.filter((figure) => !figure.isDetermined).map((figure) => figure.interval)).to.include("7 sellers are too few");
    expect(words(report.answer)).to.include("to another tier, all down");
    expect(everything(report)).to.include("The labels do not give a false-positive rate");
  });

  it("speaks of creators, and leaves out money and outcomes that the panel does not hold", () => {
    const report = describeSample(bareComparison(), { diffs: {} });
    expect(report.title).to.equal("What version 2.0.0 would have done to 12,400 creators");
    expect(everything(report))
      .to.include("This panel holds no sales")
      .and.to.include("Nothing is known about which creators are fine")
      .and.not.to.include("Nobody is affected")
      .and.not.to.include("seller ");
  });

  it("names who bears it only where the interval of the rate lies above the rate of all", () => {
    const unclear = changed((candidate) => ({
      ...candidate,
      segments: candidate.segments.map((row) => ({
        ...row,
        newlyAdverseRate: estimated({ value: 0.02, lower: 0, upper: 0.2, method: "wilson", n: row.entities }),
      })),
    }));
    const report = describeSample(unclear);
    expect(words(report.answer))
      .to.match(/No one group clearly bears it\.$/)
      .and.not.to.include("bear it");
    expect(everything(report))
      .to.include("No group turns adverse clearly more often than all")
      .and.to.match(/None of the \d+ groups looked at clearly bears it\./)
      .and.to.include("The intervals of all groups overlap");
    const few = describeSample(changed((candidate) => ({ ...candidate, newlyAdverse: 19 })));
    expect(words(few.answer)).to.match(/Too few turn adverse to say which group bears it\.$/);
  });

  it("says who is out of reach where many are unrated under both versions", () => {
    expect(everything(describeSample(sampleComparison()))).to.include(
      "1,538 of 12,400 sellers (12 %) are unrated under both versions and cannot turn adverse",
    );
  });

  it("does not call a change of the false-positive rate when its interval spans zero", () => {
    const open = changed((candidate) => ({
      ...candidate,
      errors: candidate.errors.map((errors) => ({
        ...errors,
        falsePositiveChange: estimated({ value: 0.001, lower: -0.01, upper: 0.012, method: "score", n: 1200 }),
      })),
    }));
    expect(everything(describeSample(open))).to.include("The labels do not tell whether more or fewer fine sellers are held adverse");
  });

  it("says when unequal labels pull both rates to one side, and what the rate is with the restricted left in", () => {
    const low = changed((candidate) => ({
      ...candidate,
      errors: candidate.errors.map((errors) => {
        const pulled = (side: typeof errors.baseline) => ({
          ...side,
          rates: side.rates.map((rate) => (rate.name === "false-positive-rate" ? { ...rate, pull: "down" as const } : rate)),
        });
        const { baseline, candidate: own } = { baseline: pulled(errors.baseline), candidate: pulled(errors.candidate) };
        const bounds = errors.falsePositiveChangeBounds;
        return {
          ...errors,
          baseline,
          candidate: own,
          falsePositiveChangeBounds: { lower: estimated({ value: 0.001, method: "bound", n: 1 }), upper: bounds.upper },
          realised: { labelled: 1500, fine: 1200, harmful: 300, baseline: baseline.rates, candidate: own.rates },
        };
      }),
    }));
    const report = describeSample(low);
    expect(words(report.answer)).to.include(
      "8.4 % of known fine sellers are held adverse, not 7.5 %; limits for all: +0.10 to +5.40 points. ",
    );
    expect(everything(report))
      .to.include(
        "Labels reach those held adverse under 2.0.0 less often than the others, which by itself pulls its rate among the labelled down",
      )
      .and.to.include(
        "With the sellers that were really restricted left in, as they behaved under restriction, the rate goes from 7.5 to 8.4 %",
      );
    expect(everything(describeSample(sampleComparison()))).to.not.include("which by itself pulls");
  });

  it("says of a group above the rate of all that bears little only what its numbers bear", () => {
    const small = changed((candidate) => ({
      ...candidate,
      segments: candidate.segments.map((row, index) => ({
        ...row,
        newlyAdverse: index === 0 ? 12 : row.newlyAdverse,
        newlyAdverseRate: estimated({ value: 0.02, lower: index === 0 ? 0.018 : 0, upper: 0.2, method: "wilson", n: row.entities }),
      })),
    }));
    const report = describeSample(small);
    expect(everything(report)).to.include("turn adverse more often than all, and are").and.not.to.include("No group turns adverse");
    expect(words(report.answer)).not.to.include("bear it");
  });

  it("puts two groups against each other only where their intervals do not meet, the widest gap first", () => {
    const bands = [
      { value: 0.05, lower: 0.01, upper: 0.2 },
      { value: 0.03, lower: 0.028, upper: 0.032 },
      { value: 0.005, lower: 0.004, upper: 0.006 },
    ];
    const apart = changed((candidate) => {
      const { segment } = candidate.segments[0] ?? { segment: "" };
      const rows = candidate.segments.filter((row) => row.segment === segment).slice(0, bands.length);
      return {
        ...candidate,
        segments: rows.map((row, index) => ({
          ...row,
          newlyAdverseRate: estimated({ ...(bands[index] ?? { value: 0 }), method: "wilson", n: row.entities }),
        })),
      };
    });
    expect(everything(describeSample(apart))).to.include("turn adverse more often than others: 3.0 %, against 0.5 %");
  });

  it("speaks of one seller, and of none, in the singular and without a zero that misleads", () => {
    const one = changed((candidate) => ({
      ...candidate,
      newlyAdverse: 1,
      released: 0,
      movement: { ...candidate.movement, movers: 1, up: 0, down: 1, intoUnrated: 0, outOfUnrated: 0 },
      affected: candidate.affected.slice(0, 1),
      segments: candidate.segments.map((row, index) => ({ ...row, newlyAdverse: index === 0 ? 1 : 0 })),
      errors: candidate.errors.map((errors) => ({
        ...errors,
        coverage: errors.coverage.map((group) => (group.group === "newly" ? { ...group, entities: 1, labelled: 0, fine: 0 } : group)),
      })),
    }));
    const report = describeSample(one);
    expect(words(report.answer)).to.include("moves 1 of 12,400 sellers (under 0.1 %) to another tier, down, and holds 1 more adverse. ");
    expect(everything(report))
      .to.include("1 seller ends in another tier; it goes down")
      .and.to.include("One seller is newly adverse: too few to say who bears it")
      .and.to.include("has no label: an audit would tell whether it is fine")
      .and.to.include("The one seller that changes tier");
    expect(report.strip[0]?.value).to.equal("< 0.1");
  });

  it("says that no fine seller is held adverse where that is so", () => {
    const none = changed((candidate) => ({
      ...candidate,
      errors: candidate.errors.map((errors) => {
        const clean = (side: typeof errors.baseline) => ({
          ...side,
          rates: side.rates.map((rate) =>
            rate.name === "false-positive-rate"
              ? { ...rate, numerator: 0, estimate: estimated({ value: 0, lower: 0, upper: 0.01, method: "wilson", n: rate.denominator }) }
              : rate,
          ),
        });
        return {
          ...errors,
          baseline: clean(errors.baseline),
          candidate: clean(errors.candidate),
          falsePositiveChange: estimated({ value: 0, lower: -0.01, upper: 0.01, method: "score", n: 1200 }),
        };
      }),
    }));
    expect(words(describeSample(none).answer)).to.match(/Of the [\d,]+ known fine sellers none is held adverse under either version\. /);
    expect(everything(describeSample(none))).to.include("No seller known to be fine is held adverse under either version");
  });

  it("sets movers against those who can move, where many are unrated under both versions", () => {
    const sample = sampleComparison();
    const note = (unrated: number): string => {
      const candidates = sample.candidates.map((candidate) => {
        const { matrix } = candidate.movement;
        const last = matrix.map((row, i) =>
          i === matrix.length - 1 ? row.map((count, j) => (j === row.length - 1 ? unrated : count)) : row,
        );
        return { ...candidate, movement: { ...candidate.movement, matrix: last } };
      });
      return (describeSample({ ...sample, candidates }).strip[0]?.note ?? "").replaceAll("\u00a0", " ");
    };
    expect(note(1538)).to.match(/^390 of 12,400, in /);
    expect(note(10_000)).to.match(/^390 of 12,400 \(16 % of the 2,400 rated under either\), in /);
  });

  it("says how far to trust it: tiers really assigned, the start, the hypothetical part, and what was checked", () => {
    const sample = sampleComparison();
    const checked = { ...sample, panel: { ...sample.panel, assignedAgreement: { entityPeriods: 1000, agreeing: 563 } } };
    const report = describeSample(checked, { trust: ["no row was rejected"] });
    const table = { rows: ["gold", "watch"], columns: ["gold", "watch", "restricted"], total: 100, agreeing: 56 };
    const unknown = { kind: "undetermined", reason: "r", wouldDetermine: "w" } as const;
    const end = {
      ...table,
      counts: [
        [40, 20, 5],
        [19, 14, 2],
      ],
      share: unknown,
      kappa: unknown,
      at: "2025-09-28",
    };
    const assigned = { range: end, end, classes: [], timingPeriods: 4 };
    expect(everything(describeSample({ ...checked, assigned })).replaceAll("\u00a0", " ")).to.include(
      "At 28 Sep 2025 35 sellers were really held adverse, and 41 on replay of 1.0.0.",
    );
    const trust = report.sections.find((section) => section.id === "trust");
    expect(JSON.stringify(trust).replaceAll("\u00a0", " "))
      .to.include("On replay, 1.0.0 gives the tier really assigned in 56 % of seller-weeks")
      .and.to.include("not what sellers lived through")
      .and.to.include("Start: under 1.0.0")
      .and.to.include("Static replay: 15 % of seller-weeks")
      .and.to.include('"No row was rejected."');
    expect(report.scope.replaceAll("\u00a0", " ")).to.include("really assigned in 56 % of seller-weeks");
    expect(everything(describeSample(sample))).to.include("cannot be checked against tiers that were really assigned");
  });

  it("switches between candidates and sets them side by side", () => {
    const sample = sampleComparison();
    const two = { ...sample, candidates: [candidateOf("1.1.0"), ...sample.candidates] };
    const report = describeSample(two, { candidate: "2.0.0" });
    expect(report.candidate).to.equal("2.0.0");
    expect(report.sideBySide?.rows.map((row) => row[0])).to.deep.equal(["1.1.0", "2.0.0"]);
    expect(report.candidatesNote).to.equal("Two candidates against 1.0.0; this page is about 2.0.0");
    const page = renderReport(report, { mode: "full", standalone: false });
    expect(page.indexOf('aria-label="Candidates"')).to.be.within(0, page.indexOf("<h1>"));
    expect(page).to.include("(one of 2 candidates) · Counterweight</title>").and.to.include('<b aria-current="true">2.0.0</b>');
    expect(renderReport(report, { mode: "full", standalone: false })).to.include(
      'href="/runs/r1/report?mode&#x3D;full&amp;candidate&#x3D;1.1.0"',
    );
  });

  it("gives the limits of a change in the table of candidates where there is no single figure", () => {
    const sample = sampleComparison();
    const cellOf = (limits: readonly [number, number] | undefined): unknown => {
      const refused = { kind: "undetermined", reason: "too few labels", wouldDetermine: "labels" } as const;
      const [lower, upper] =
        limits?.map((value) => ({ kind: "estimate" as const, value, n: 90, method: "worst case", assumptions: [] })) ?? [];
      const candidates = sample.candidates.map((candidate) => ({
        ...candidate,
        errors: candidate.errors.map(({ estimates: _estimates, ...errors }) => ({
          ...errors,
          falsePositiveChange: refused,
          falsePositiveChangeBounds: { lower: lower ?? refused, upper: upper ?? refused },
        })),
      }));
      return describeSample({ ...sample, candidates: [candidateOf("1.1.0"), ...candidates] }).sideBySide?.rows[1]?.at(-1);
    };
    expect(cellOf([0.011, 0.027])).to.equal("limits +1.10 to +2.70");
    expect(cellOf(undefined)).to.equal("not determined");
  });

  it("shows less in Brief than in Full, and notes only in Method", () => {
    const render = (mode: "brief" | "full" | "method") => renderReport(describeSample(sampleComparison()), { mode, standalone: false });
    expect(render("brief")).not.to.include('id="tiers"').and.not.to.include('class="block note-box"');
    expect(render("full")).to.include('id="tiers"').and.to.include('id="affected"').and.not.to.include('class="block note-box"');
    expect(render("method")).to.include('class="block note-box"');
  });

  it("shows known truth of demo data in Method only", () => {
    const report = describeSample(sampleComparison(), { knownTruth: ["In truth 92 of the 146 are fine."] });
    expect(renderReport(report, { mode: "full", standalone: true })).not.to.include("In truth");
    expect(renderReport(report, { mode: "method", standalone: true })).to.include("In truth 92");
  });

  it("carries its command, its digests and the meaning of its intervals", () => {
    const html = renderReport(describeSample(sampleComparison()), { mode: "brief", standalone: true });
    expect(html).to.include("npx counterweight compare").and.to.include("2".repeat(64)).and.to.include("under the same calendar");
  });

  it("escapes hostile names in words, charts and files, and bears very long ones", () => {
    const sample = changed((candidate) => ({
      ...candidate,
      affected: candidate.affected.map((entity) => ({ ...entity, entity: longName + hostile, attributes: { region: hostile } })),
      segments: candidate.segments.map((row) => ({ ...row, value: hostile + row.value })),
    }));
    const renamed: Comparison = JSON.parse(JSON.stringify(sample).replaceAll('"watch"', JSON.stringify(`watch ${hostile}`)));
    const report = describeSample(renamed, { command: hostile, trust: [hostile] });
    for (const standalone of [true, false]) expect(renderReport(report, { mode: "method", standalone })).not.to.include("<script>alert");
    expect(figureSvg(report, "movement")).not.to.include("<script>");
    expect(figureCsv(report, "who-shares")).to.include('"<script>alert(""1"")</script>\'&small"');
  });

  it("gives the same bytes for the same comparison", () => {
    const render = () => renderReport(describeSample(sampleComparison()), { mode: "method", standalone: true });
    expect(render()).to.equal(render());
    expect(reportCsv(sampleComparison())).to.equal(reportCsv(sampleComparison()));
  });

  it("is plain data: it survives JSON", () => {
    const report = describeSample(sampleComparison());
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
  });
});
