/** What a report says in full once: the exact amount behind a compact one, and what several definitions take for granted. */
import { expect } from "chai";
import { describeReport, renderReport } from "../../views/index.ts";
import { titleParts } from "../../views/pages/title-parts.ts";
import { sampleComparison, sampleReportContext } from "./sample-comparison.ts";

const sample = describeReport(sampleComparison(), sampleReportContext());

describe("compact amounts", () => {
  const html = renderReport(sample, { mode: "full", standalone: false });

  it("carry the full one, for who points, who comes by key and who listens", () => {
    const carried = [...html.matchAll(/<(b|span) class="compact" tabindex="0">(.*?)<span class="exact"> exactly ([^<]*)<\/span>/g)];
    expect(carried.length, "in the answer, two in the strip, and one in a title").to.equal(4);
    for (const [, , compact, exact] of carried) {
      expect(compact).to.match(/\$[\d.,]+/);
      expect(exact).to.match(/\$[\d,]+\.\d\d/);
    }
  });

  it("are found in a title where they stand whole, and not in the first digits of another", () => {
    const [small, large] = [
      { text: "about $5", exact: "$5.00" },
      { text: "about $50", exact: "$50.00" },
    ];
    expect(titleParts("A gain about $50", [small, large])).to.deep.equal([{ text: "A gain ", exact: "" }, large]);
    for (const title of ["about $5.20", "about $5,200", "about $5\u00a0million"])
      expect(titleParts(title, [small])).to.deep.equal([{ text: title, exact: "" }]);
    expect(titleParts("about $50, then about $5.", [large, small])).to.deep.equal([
      large,
      { text: ", then ", exact: "" },
      small,
      { text: ".", exact: "" },
    ]);
  });

  it("stand nowhere without: beside marks they have the full one under the pointer, in tables they are not compact", () => {
    const bare = html.replaceAll(/<(b|span) class="compact".*?<span class="exact">.*?<\/span>/g, "");
    const [drawn = ""] = /<svg class=is-wide(?:(?!<\/svg>)[\s\S])*/.exec(bare.slice(bare.indexOf('id="figure-at-stake"'))) ?? [];
    const columns = [...drawn.matchAll(/<text x=(?:738|880)[^>]*>([^<]*\$[^<]*)(<title>\$[\d,]+\.\d\d)?/g)];
    expect(columns.length).to.be.above(5);
    for (const [, words, exact] of columns) expect(exact, words).not.to.equal(undefined);
    const ticks = [...drawn.matchAll(/>(\$[\d.]+\u00a0[kM])(?:<title>(\$[\d,]+)<\/title>)?<\/text>/g)].filter(
      ([, words]) => words !== undefined,
    );
    expect(ticks.length).to.be.above(2);
    for (const [, words, full] of ticks) expect(full, words).to.match(/,000$/);
    expect(bare.replaceAll(/<svg[\s\S]*?<\/svg>|aria-label="[^"]*"/g, "")).not.to.match(/\$[\d.]+\u00a0[kM]/);
  });
});

describe("the definitions of a report", () => {
  it("write what several take for granted once, with the first of them", () => {
    const html = renderReport(sample, { mode: "method", standalone: false });
    const [, ...others] = sample.definitions.filter(({ method }) => method?.assumption.startsWith("entities are drawn independently"));
    expect(others.length).to.be.above(3);
    expect(html.match(/Assumes: entities are drawn independently, under the same calendar and a static replay; shocks/g)).to.have.length(1);
    expect(html).to.include("Assumes: the same as “Change tier”.");
  });
});
