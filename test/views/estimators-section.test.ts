/** The report on error rates by estimator: what it leads with, what it refuses, and that page and CSV hold the same numbers. */
import { expect } from "chai";
import type { Comparison } from "../../simulations/comparison/index.ts";
import { estimated, undetermined } from "../../simulations/statistics/index.ts";
import { describeReport, type Report, renderReport, reportCsv } from "../../views/index.ts";
import { audit, behaviour, compareLabelled, marketOf } from "../comparison/labelled-market.ts";
import { sampleReportContext } from "./sample-comparison.ts";
import { verdictContext } from "./sample-verdict.ts";

const audited = compareLabelled(
  marketOf(
    [
      { tiers: "ww", count: 60, fine: 10, harmful: 9, auditFine: 6, auditHarmful: 4, probability: 0.2 },
      { tiers: "sw", count: 80, fine: 30, harmful: 3, auditFine: 13, auditHarmful: 2, probability: 0.2 },
      { tiers: "ws", count: 40, fine: 12, harmful: 2, auditFine: 7, auditHarmful: 1, probability: 0.2 },
      { tiers: "ss", count: 300, orders: 40, fine: 160, harmful: 10, auditFine: 58, auditHarmful: 3, probability: 0.2 },
    ],
    [behaviour, audit],
  ),
);
const refused = compareLabelled(
  marketOf([
    { tiers: "ww", count: 30 },
    { tiers: "sw", count: 20, fine: 2, harmful: 1 },
    { tiers: "ss", count: 90, fine: 60, harmful: 9 },
  ]),
);

const describeOne = (comparison: Comparison): Report => describeReport(comparison, sampleReportContext());
const blocksOf = (report: Report) => report.sections.find(({ id }) => id === "errors")?.blocks ?? [];
const figureOf = (report: Report, id: string) =>
  blocksOf(report).flatMap((block) => (block.kind === "figure" && block.figure.id === id ? [block.figure] : []))[0];
type Estimates = NonNullable<Comparison["candidates"][number]["errors"][number]["estimates"]>;
/** The same with other estimates of every candidate. */
const withEstimates = (comparison: Comparison, change: (estimates: Estimates) => Estimates): Comparison => ({
  ...comparison,
  candidates: comparison.candidates.map((candidate) => ({
    ...candidate,
    errors: candidate.errors.map(({ estimates, ...errors }) => ({ ...errors, ...(estimates && { estimates: change(estimates) }) })),
  })),
});
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

describe("the report on error rates by estimator", () => {
  const report = describeOne(audited);

  it("shows every estimator beside the limits, and under each what it rests on", () => {
    const figure = figureOf(report, "error-estimates");
    const rows = figure?.chart.kind === "paired-rows" ? figure.chart.rows : [];
    expect(rows.map(({ label }) => label)).to.deep.equal([
      "Labelled only",
      "Stratified",
      "Inverse probability",
      "Doubly robust",
      "Random audits",
      "Audits and all labels",
      "No assumption",
    ]);
    for (const { notes } of rows) expect(notes).to.have.length(2);
    expect(figure?.title).to.match(/^What one assumes about missing labels moves the false-positive rate under 2\.0\.0 between/);
  });

  it("shows the change of the miss rate as that of the false-positive rate: by every estimator, with limits, led or refused", () => {
    for (const [comparison, titles] of [
      [audited, /^(We estimate that|Whether) 2\.0\.0 misses (more|fewer) harmful sellers/],
      [refused, /^Whatever the missing labels say, fewer harmful sellers are missed under 2\.0\.0$/],
    ] as const) {
      const figure = figureOf(describeOne(comparison), "miss-estimates");
      const { missChange, rates } = comparison.candidates[0]?.errors[0]?.estimates ?? {};
      if (figure?.chart.kind !== "paired-rows" || missChange === undefined) throw new Error("no miss rate");
      expect(figure.title).to.match(titles);
      const estimates = missChange.estimates.flatMap(({ estimate }) => (estimate.kind === "estimate" ? [100 * estimate.value] : []));
      const drawn = figure.chart.rows.flatMap(({ isBounds, change }) => (isBounds || change.value === undefined ? [] : [change.value]));
      expect(drawn).to.deep.equal(estimates);
      const { lower, upper } = missChange.bounds;
      if (lower.kind === "undetermined" || upper.kind === "undetermined") throw new Error("no limits");
      expect(figure.chart.rows.at(-1)?.change).to.deep.equal({ lower: 100 * lower.value, upper: 100 * upper.value });
      expect(figure.table.rows.at(-1)?.slice(7, 10)).to.deep.equal(["", lower.value, upper.value]);
      const headline = missChange.headline;
      if (headline.estimate.kind === "undetermined")
        expect(figure.subtitle).to.include(`No single figure for the change: ${headline.estimate.reason}.`);
      else expect(figure.chart.rows.filter(({ notes }) => notes.join().includes("its change leads"))).to.have.length(1);
      const rateOf = (side: string) => rates?.find((rate) => rate.side === side && rate.name === "miss-rate")?.estimates[0]?.estimate;
      const [before, after] = [rateOf("baseline"), rateOf("candidate")];
      const [row = []] = figure.table.rows;
      expect([row[1], row[4]]).to.deep.equal([before, after].map((found) => (found?.kind === "estimate" ? found.value : Number.NaN)));
    }
  });

  it("leads with what rests on audits, in the answer and the strip", () => {
    const lead = audited.candidates[0]?.errors[0]?.estimates?.falsePositiveChange.headline;
    expect(lead?.estimator).to.equal("two-phase");
    const change = report.strip.find(({ id }) => id === "false-positive-change");
    const value = lead?.estimate.kind === "estimate" ? lead.estimate.value : Number.NaN;
    expect(Number(change?.value.replace("−", "-"))).to.be.closeTo(value * 100, 0.0051);
    expect(plain(report.answer.map(({ text }) => text).join(""))).to.match(
      /We estimate that [\d.]+ % of fine sellers are held adverse, not [\d.]+ % \([−+][\d.]+ to \+[\d.]+ points\)\. /,
    );
    expect(plain(change?.note ?? "")).to.match(/of fine sellers; at/);
  });

  it("draws what it leads with above the labels of each source, and has it in the table; nothing where that is a source's own", () => {
    const { rates, falsePositiveChange } = audited.candidates[0]?.errors[0]?.estimates ?? {};
    const rateOf = (side: string) => rates?.find((rate) => rate.side === side && rate.name === "false-positive-rate")?.headline.estimate;
    const figure = figureOf(report, "false-positives");
    const [first] = figure?.chart.kind === "paired-rows" ? figure.chart.rows : [];
    expect(first?.label).to.equal("Audits and all labels");
    const values = [rateOf("baseline"), rateOf("candidate"), falsePositiveChange?.headline.estimate].map((estimate) =>
      estimate?.kind === "estimate" ? estimate.value : Number.NaN,
    );
    expect([first?.baseline.value, first?.candidate.value, first?.change.value]).to.deep.equal(values.map((value) => 100 * value));
    const [cells = []] = figure?.table.rows ?? [];
    expect([cells[0], cells[2], cells[5], cells[8]]).to.deep.equal(["Audits and all labels", ...values]);
    expect(figureOf(describeOne(refused), "false-positives")?.table.rows[0]?.[0]).not.to.equal("Audits and all labels");
  });

  it("says how many of the newly adverse are fine: estimated for all, counted among those with a label, or nothing", () => {
    const honestOf = (comparison: Comparison) =>
      plain(
        blocksOf(describeOne(comparison))
          .flatMap((block) => (block.kind === "honest" ? block.paragraphs : []))
          .join(" "),
      );
    const sharesOf = (comparison: Comparison) => comparison.candidates[0]?.errors[0]?.estimates?.fineShares ?? [];
    const newlyOf = (comparison: Comparison) => sharesOf(comparison).find(({ group }) => group === "newly")?.headline;
    expect(newlyOf(audited)?.estimator).to.equal("two-phase");
    const found =
      /Of all 80 we estimate that about (\d+) are fine \((\d+) to (\d+)\), by audits and all labels\. /.exec(honestOf(audited)) ?? [];
    const { headline, bounds } = sharesOf(audited).find(({ group }) => group === "newly") ?? {};
    const [estimate, least, most] = [headline?.estimate, bounds?.lower, bounds?.upper];
    if (estimate?.kind !== "estimate" || least?.kind !== "estimate" || most?.kind !== "estimate") throw new Error("no estimate");
    const { value, interval } = estimate;
    const shares = [value, interval?.lower ?? Number.NaN, interval?.upper ?? Number.NaN];
    const room = shares.map((share) => Math.min(most.value, Math.max(least.value, share)));
    expect(room, "the interval of another draw goes beyond what these can be").not.to.deep.equal(shares);
    expect(found.slice(1).map(Number)).to.deep.equal(room.map((share) => Math.round(share * 80)));
    const next = estimated({ value: 0.001, lower: 0, upper: 0.03, method: "two-phase", n: 80 });
    const hardly = withEstimates(audited, (estimates) => ({
      ...estimates,
      fineShares: estimates.fineShares.map((share) => ({
        ...share,
        bounds: { lower: estimated({ value: 0, method: "bound", n: 80 }), upper: estimated({ value: 1, method: "bound", n: 80 }) },
        headline: { ...share.headline, estimate: next },
      })),
    }));
    expect(honestOf(hardly), "an estimate, and no count").to.include("Of all 80 we estimate that hardly one is fine (0 to 2), by ");
    const counted = compareLabelled(
      marketOf([
        { tiers: "ww", count: 30, fine: 2, harmful: 28 },
        { tiers: "sw", count: 20, fine: 11, harmful: 9 },
        { tiers: "ss", count: 90, fine: 60, harmful: 9 },
      ]),
    );
    expect(newlyOf(counted)?.estimator).to.equal("labelled-only");
    expect(honestOf(counted))
      .to.match(/All 20 sellers newly adverse at [^.]+ have a label; 11 are labelled fine\./)
      .and.not.to.include("we estimate");
    expect(newlyOf(refused)?.estimate.kind).to.equal("undetermined");
    expect(honestOf(refused)).not.to.include("we estimate");
  });

  it("says of two rates that only their limits part, and whose change is 0, that they are the same", () => {
    const at = (value: number) => ({
      estimator: "two-phase" as const,
      estimate: estimated({ value, lower: 0, upper: 0.01, method: "two-phase", n: 41 }),
    });
    const same = withEstimates(audited, (estimates) => ({
      ...estimates,
      rates: estimates.rates.map((rate) => ({ ...rate, headline: at(rate.side === "baseline" ? 0.000798 : 0.0008006) })),
      falsePositiveChange: { ...estimates.falsePositiveChange, headline: at(0) },
    }));
    const described = describeOne(same);
    expect(plain(described.answer.map(({ text }) => text).join(""))).to.include(
      "We estimate that 0.1 % of fine sellers are held adverse under both versions. ",
    );
    expect(plain(described.strip.find(({ id }) => id === "false-positive-change")?.note ?? "")).to.include(
      "0.1 % of fine sellers under both",
    );
  });

  it("says where the labels are too thin, with the limits beside it", () => {
    const thin = describeOne(refused);
    const change = thin.strip.find(({ id }) => id === "false-positive-change");
    expect(change).to.include({ isDetermined: false, value: "not determined" });
    expect(change?.interval).to.match(/^labels reach 3 of the 20 newly adverse, less than 50 %/);
    expect(plain(change?.note ?? "")).to.match(/^limits \+/);
    expect(plain(thin.answer.map(({ text }) => text).join(""))).to.match(
      /As far as labels tell, [\d.]+ to [\d.]+ % of fine sellers are held adverse/,
    );
    const subtitle = figureOf(thin, "error-estimates")?.subtitle ?? "";
    expect(subtitle).to.include(
      "Stratified, inverse probability and doubly robust: not determined, none of the 30 adverse under both has a label",
    );
    expect(subtitle.match(/none of the 30 adverse/g), "one reason, once").to.have.length(1);
  });

  it("says that no fine seller is held adverse where nobody is, however few labels there are", () => {
    const { answer } = describeOne(
      compareLabelled(
        marketOf([
          { tiers: "ss", count: 90 },
          { tiers: "gs", count: 10, fine: 1 },
        ]),
      ),
    );
    expect(plain(answer.map(({ text }) => text).join(""))).to.include("No fine seller is held adverse, whatever the missing labels say. ");
  });

  it("says where a change is among the labelled alone, above all beside one that is estimated for everyone", () => {
    const [candidate] = audited.candidates;
    const errors = (candidate?.errors ?? []).map((table) => {
      if (table.estimates === undefined) throw new Error("no estimates");
      const { rates, falsePositiveChange } = table.estimates;
      const estimates = {
        ...table.estimates,
        rates: rates.map((rate) => ({ ...rate, headline: { estimate: undetermined("no audit fell on the 6 released", "more audits") } })),
        falsePositiveChange: {
          ...falsePositiveChange,
          headline: { estimator: "labelled-only" as const, estimate: table.falsePositiveChange },
        },
      };
      return { ...table, estimates };
    });
    if (candidate === undefined) throw new Error("no candidate");
    const two = { ...audited, candidates: [candidate, { ...candidate, version: "3.0.0", errors }] };
    const thin = describeReport(two, { ...sampleReportContext(), candidate: "3.0.0" });
    expect(plain(thin.strip.find(({ id }) => id === "false-positive-change")?.note ?? "")).to.match(/^among the labelled alone; at /);
    expect(thin.candidatesNote).to.match(
      /^Two candidates against \S+; this page is about 3\.0\.0\. The change of the false-positive rate is among the labelled alone for 3\.0\.0, and estimated for everyone for \S+$/,
    );
    const same = describeReport({ ...audited, candidates: [candidate, { ...candidate, version: "3.0.0" }] }, sampleReportContext());
    expect(same.candidatesNote).not.to.include("labelled");
  });

  it("keeps tables short, defines both figures, and names every estimator's formula and source in Method", () => {
    for (const id of ["error-estimates", "miss-estimates", "fine-by-group"]) {
      expect(figureOf(report, id)?.table.rows.length, id).to.be.within(4, 25);
      expect(report.definitions.map((definition) => definition.id)).to.include(id);
    }
    const note = blocksOf(report).find((block) => block.kind === "note" && block.title === "What each estimator rests on");
    const text = note?.kind === "note" ? note.paragraphs.join(" ") : "";
    for (const words of ["Begg and Greenes (1983)", "assumes labels missing at random", "design-based: audit probabilities known", "Kish"])
      expect(text.toLowerCase()).to.include(words.toLowerCase());
    expect(note?.modes).to.deep.equal(["method"]);
  });

  it("writes every estimate into the CSV of all figures", () => {
    const lines = reportCsv(audited).split("\n");
    const rate = lines.filter((line) => line.includes("false-positive-rate, by estimator"));
    const { rates, falsePositiveChange, missChange, fineShares } = audited.candidates[0]?.errors[0]?.estimates ?? {};
    expect(rate.length).to.be.greaterThan(12);
    const changes = [falsePositiveChange, missChange].flatMap((change) => (change === undefined ? [] : [change]));
    expect(changes).to.have.length(2);
    const all = [...(rates ?? []), ...changes, ...(fineShares ?? [])];
    const expected = all.reduce((sum, { estimates }) => sum + estimates.length, 0);
    const written = lines.filter((line) => line.includes("by estimator") && line.includes(",all,"));
    expect(written).to.have.length(expected);
  });

  it("has criteria read the figure that the page leads with, in strip, brief and table", () => {
    const lines = ["false-positive change at most 10 points"];
    const judged = (comparison: Comparison) => describeReport(comparison, sampleReportContext(verdictContext(comparison, lines)));
    const figureIn = (of: Report) => of.strip.find(({ id }) => id === "false-positive-change");
    const [whole, thin] = [judged(audited), judged(refused)];
    const { value = "", interval = "" } = figureIn(whole) ?? {};
    const [item] = whole.verdict?.items ?? [];
    expect(plain(item?.found ?? "")).to.match(/^\+[\d.]+ pp \(\+[\d.]+ to \+[\d.]+ pp\), by audits and all labels$/);
    const numbers = (text: string) => text.match(/\d+\.\d+/g);
    expect(numbers(item?.found ?? "")).to.deep.equal([...(numbers(value) ?? []), ...(numbers(interval) ?? []).slice(0, 2)]);
    expect(renderReport(whole, { mode: "brief", standalone: false })).to.include(item?.found ?? "nothing");
    expect(JSON.stringify(whole.sections.find(({ id }) => id === "verdict"))).not.to.include("rests on the sellers whose outcome is known");
    const refusal = figureIn(thin)?.interval ?? "nothing";
    expect(thin.verdict?.items[0]?.found).to.include(`not determined: ${refusal}; read by its limits, `);
    const csv = reportCsv(audited, verdictContext(audited, lines)).split("\r\n");
    expect(csv.find((line) => line.startsWith("verdict,"))).to.include("as the error rates lead with it; by audits and all labels");
  });

  it("renders in every mode", () => {
    for (const mode of ["brief", "full", "method"] as const)
      expect(renderReport(report, { mode, standalone: true })).to.include("False positives");
  });
});
