/** Every page is safe, whole and readable without a script or a network. */
import { expect } from "chai";
import { describePolicy, policyLibrary, readLibraryPolicy } from "../../policies/language/index.ts";
import { describeReport, type PageContexts, type PageName, renderPage, renderReport } from "../../views/index.ts";
import { leadAndRest, textBlocks } from "../../views/pages/text-blocks.ts";
import { bareComparison, nullReform, sampleComparison, sampleReportContext, tinyComparison } from "./sample-comparison.ts";
import { sampleContexts } from "./sample-contexts.ts";

const working = (Object.keys(sampleContexts) as PageName[]).flatMap((name) => {
  const contexts: readonly object[] = sampleContexts[name];
  return contexts.map((context, index) => [`${name} ${index + 1}`, renderPage(name, context as PageContexts[typeof name])] as const);
});
const samples = { sample: sampleComparison(), "null reform": nullReform(), bare: bareComparison(), tiny: tinyComparison() };
const reports = Object.entries(samples).flatMap(([name, comparison]) =>
  (["brief", "full", "method"] as const).flatMap((mode) =>
    [true, false].map(
      (standalone) =>
        [
          `report of ${name}, ${mode}${standalone ? ", one file" : ""}`,
          renderReport(describeReport(comparison, sampleReportContext({ hasLinks: !standalone })), { mode, standalone }),
        ] as const,
    ),
  ),
);

for (const [name, html] of [...working, ...reports]) {
  describe(`page: ${name}`, () => {
    it("lets no markup of the user through", () => {
      expect(html).not.to.include("<script>alert");
    });

    it("has one first heading and skips no level", () => {
      const levels = [...html.matchAll(/<h([1-6])[ >]/g)].map((match) => Number(match[1]));
      expect(levels.filter((level) => level === 1)).to.have.length(1);
      for (const [index, level] of levels.entries())
        if (index > 0) expect(level - (levels[index - 1] ?? 1), `heading ${index + 1}`).to.be.at.most(1);
    });

    it("has unique ids, and every link inside the page arrives", () => {
      const ids = [...html.matchAll(/ id="?([^\s">]+)/g)].map((match) => match[1]);
      expect(new Set(ids).size).to.equal(ids.length);
      for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).to.include(target);
    });

    it("is under 300 kB, prints no made-up value and asks no network", () => {
      expect(Buffer.byteLength(html)).to.be.below(300_000);
      expect(html).not.to.match(/NaN|Infinity|undefined(?!<\/code>)|\[object /);
      expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.to.match(/https?:\/\//);
    });

    it("closes every element that it opens", () => {
      expect(unbalanced(html)).to.deep.equal([]);
    });
  });
}

describe("the report of the sample", () => {
  /** Bytes that it may have; what it says alone is a third of them. A change that writes the same thing twice shows here first. */
  const most = { brief: 58_000, full: 106_000, method: 109_000 };
  for (const mode of ["brief", "full", "method"] as const) {
    it(`${mode}: stays as light as it is`, () => {
      expect(
        Buffer.byteLength(renderReport(describeReport(sampleComparison(), sampleReportContext()), { mode, standalone: false })),
      ).to.be.below(most[mode]);
    });
  }

  it("stays as light as it is in one file, which holds style, script and every table", () => {
    const report = describeReport(sampleComparison(), sampleReportContext({ hasLinks: false }));
    expect(Buffer.byteLength(renderReport(report, { mode: "method", standalone: true }))).to.be.below(173_000);
  });
});

describe("plain text as blocks", () => {
  it("keeps headings, items and details, and joins lines that were wrapped by hand", () => {
    const wrapped = "  A long line that its writer wrapped by hand because it would have run past the edge of the";
    const text = `Seller performance\n${wrapped}\n  page.\n\nMetrics\n- Late share: 4 %.\n    At least 10: yes\n    Known: no\n- Orders: 12.`;
    expect(textBlocks(text)).to.deep.equal([
      { kind: "heading", text: "Seller performance" },
      { kind: "list", items: [{ lead: "", text: `${wrapped.trim()} page.`, detail: "" }] },
      { kind: "heading", text: "Metrics" },
      {
        kind: "list",
        items: [
          { lead: "Late share", text: "4 %.", detail: "At least 10: yes; Known: no" },
          { lead: "Orders", text: "12.", detail: "" },
        ],
      },
    ]);
  });

  it("parts what is said at once from what is folded away", () => {
    const { lead, rest } = leadAndRest(textBlocks("Held watch.\n\nThe score was 66.\n\nWhat was measured\n- Late share: 4 %."));
    expect(lead.map((block) => block.kind)).to.deep.equal(["paragraph", "paragraph"]);
    expect(rest.map((block) => block.kind)).to.deep.equal(["heading", "list"]);
    expect(leadAndRest(textBlocks(""))).to.deep.equal({ lead: [], rest: [] });
  });

  it("reads every policy of the library without a stray line", () => {
    for (const { programme, version } of policyLibrary()) {
      const { policy } = readLibraryPolicy(`${programme}@${version}`);
      const blocks = policy === undefined ? [] : textBlocks(describePolicy(policy));
      const headings = blocks.flatMap((block) => (block.kind === "heading" ? [block.text.replace(/ \(.*/, "")] : []));
      const sections: readonly (readonly [string, readonly unknown[]])[] = [
        ["Parameters", policy?.parameters ?? []],
        ["Windows", policy?.windows ?? []],
        ["Metrics", policy?.metrics ?? []],
        ["Scores", policy?.scores ?? []],
        ["Ledgers", policy?.ledgers ?? []],
        ["Conditions", policy?.conditions ?? []],
      ];
      const written = sections.filter(([, entries]) => entries.length > 0);
      expect(headings.slice(1)).to.deep.equal([...written.map(([name]) => name), "Tiers, best first", "Movement"]);
      expect(blocks.some((block) => block.kind === "paragraph")).to.equal(false);
      const items = blocks.flatMap((block) => (block.kind === "list" ? [block.items.length] : []));
      expect(items.slice(1, written.length + 1), `${programme} ${version}`).to.deep.equal(written.map(([, entries]) => entries.length));
    }
  });
});

describe("the page of a policy version", () => {
  const [context] = sampleContexts["policy-version"];
  const page = context === undefined ? "" : renderPage("policy-version", context);

  it("leads with the ladder: conditions with their values, consequences, and who is restricted", () => {
    expect(page)
      .to.include("Rated and Overall is at least 88")
      .and.to.include("traffic × 0.5; payout after 8 days; at most 50 orders a day");
    expect(page.indexOf("Tiers, best first")).to.be.below(page.indexOf("What changed against"));
  });

  it("gives each weight within its whole and of the headline score", () => {
    expect(page.replaceAll("\u00a0", " ")).to.match(/<td>Dispatch<\/td><td class="number">40 %<\/td><td class="number">20 %<\/td>/);
  });

  it("counts the settings that it lists, and names the rationale apart", () => {
    expect(page).to.include("Two settings change: two stricter").and.to.include("without effect on any tier: the rationale.");
    expect(page).not.to.include("The rationale changed");
  });

  it("shows the plain words alone, unfolded, where the policy itself is not given", () => {
    if (context === undefined) throw new Error("no sample");
    const { policy: _, ...without } = context;
    expect(renderPage("policy-version", without)).to.include("<details open>").and.not.to.include("Tiers, best first</h2>");
  });
});

describe("the page of a difference", () => {
  const [context] = sampleContexts["policy-diff"];
  const page = context === undefined ? "" : renderPage("policy-diff", context);

  it("groups changes by section, what decides nothing last, and marks each in words as well", () => {
    const headings = [...page.matchAll(/<h2>([^<]+)<\/h2>/g)].map((match) => match[1]);
    expect(headings).to.deep.equal(["Parameters", "Movement", "The policy itself", "Beside 1.0.0"]);
    for (const mark of ["▼</span> stricter", "▲</span> gentler", "○</span> moves nobody by itself"]) expect(page).to.include(mark);
  });

  it("says of each line of three in which version it differs", () => {
    for (const words of ["2.0.0 only", "1.1.0 only", "both alike"]) expect(page).to.include(`<td data-name="Differs in">${words}</td>`);
    if (context === undefined) throw new Error("no sample");
    const { threeWay: _, ...without } = context;
    expect(renderPage("policy-diff", without)).not.to.include("Beside ");
    expect(renderPage("policy-diff", { ...without, changes: [] })).to.include("Both versions say the same.");
  });
});

describe("the page of an entity", () => {
  it("says where each version leaves it before it draws the way there", () => {
    const [context] = sampleContexts.entity;
    const page = context === undefined ? "" : renderPage("entity", context);
    expect(page.indexOf("Where it ends")).to.be.below(page.indexOf("Score and tier over time"));
    expect(context === undefined ? "" : renderPage("entity", { ...context, versions: [] })).to.include("not in the frame of this range");
  });

  it("opens with the tier that each version ends in", () => {
    const [context] = sampleContexts.entity;
    if (context === undefined) throw new Error("no sample");
    const [version] = context.versions;
    const [row] = version?.rows.slice(-1) ?? [];
    if (version === undefined || row === undefined) throw new Error("no row");
    const leadOf = (...held: readonly (string | undefined)[]) => {
      const versions = held.map((tier, index) => {
        const rows = tier === undefined ? [{ ...row, period: "1999-01-03" }] : [{ ...row, held: tier }];
        return { ...version, version: `${index + 1}.0.0`, rows };
      });
      return /<p class="lead">([^<]*)<\/p>/.exec(renderPage("entity", { ...context, versions }))?.[1];
    };
    expect(leadOf("gold", "gold")).to.equal("It ends in gold under both versions.");
    expect(leadOf("gold", "gold", "gold")).to.equal("It ends in gold under every version.");
    expect(leadOf("watch", "gold", "gold")).to.equal("It ends in watch under 1.0.0, in gold under 2.0.0 and 3.0.0.");
    expect(leadOf("watch", undefined)).to.equal("It ends in watch under 1.0.0, outside the frame under 2.0.0.");
    expect(leadOf("watch")).to.equal("It ends in watch under 1.0.0.");
  });
});

describe("long histories", () => {
  const days = Array.from({ length: 730 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10));

  it("keep a report of 730 days under 300 kB, and say what is left out", () => {
    const sample = sampleComparison();
    const [first] = sample.baseline.distribution;
    const distribution = days.map((period) => ({ period, tiers: first?.tiers ?? {} }));
    const shifted = days.map((period, index) => ({ period, tiers: { ...first?.tiers, gold: { entities: 600 + (index % 90), gmv: 1 } } }));
    const long = {
      ...sample,
      panel: { ...sample.panel, grain: "day" as const },
      baseline: { ...sample.baseline, distribution },
      candidates: sample.candidates.map((candidate) => ({ ...candidate, distribution: shifted })),
    };
    const html = renderReport(describeReport(long, sampleReportContext({ hasLinks: false })), { mode: "method", standalone: true });
    expect(Buffer.byteLength(html)).to.be.below(300_000);
    expect(html).to.include("one day in 6").and.to.include("of 3,650 rows; the CSV holds all");
  });

  it("keep a dataset of 730 days under 300 kB", () => {
    const [context] = sampleContexts.dataset;
    if (context === undefined) throw new Error("no sample");
    const presence = days.map((period) => ({ period, first: 3, last: 2, present: 900 }));
    expect(Buffer.byteLength(renderPage("dataset", { ...context, presence }))).to.be.below(300_000);
  });
});

/** Elements that are opened and not closed, or the reverse; void elements and table cells, whose end may be left out, apart. */
function unbalanced(html: string): readonly string[] {
  const depth = new Map<string, number>();
  const body = html.replace(/<(script|style)[\s\S]*?<\/\1>/g, "");
  for (const [, close, tag = "", , selfClosed] of body.matchAll(/<(\/?)([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>/gi)) {
    if (/^(meta|link|input|br|td|tr)$/.test(tag) || selfClosed === "/") continue;
    depth.set(tag, (depth.get(tag) ?? 0) + (close === "/" ? -1 : 1));
  }
  return [...depth].filter(([, open]) => open !== 0).map(([tag, open]) => `${tag}: ${open}`);
}
