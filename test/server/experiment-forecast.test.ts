/** From a comparison's forecast to a recorded decision and the calibration, through the pages alone; then as programs and commands do it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { present, randomStream } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { designOfComparison, findOperation, openExperiment } from "../../server/operations/index.ts";
import { dealing } from "../../simulations/experiments/index.ts";
import { demoObservations, lastDayBefore } from "./demo-sellers.ts";
import { contextOf, perform, smallMarketplace, visitorOf } from "./small-marketplace.ts";

interface Forecast {
  readonly against: {
    readonly rows: readonly {
      readonly metric: string;
      readonly words: string;
      readonly relative: {
        readonly forecast: { readonly value: number };
        readonly result: { readonly value: number; readonly interval?: { readonly lower: number; readonly upper: number } };
        readonly difference: { readonly value: number };
      };
      readonly perUnit: { readonly reason?: string };
    }[];
    readonly notForecast: readonly { readonly metric: string }[];
  };
}

interface Calibrated {
  readonly calibration: {
    readonly counted: number;
    readonly points: readonly { readonly experiment: string; readonly leftOut?: string }[];
    readonly slope: { readonly kind: string };
    readonly caveats: readonly string[];
  };
  readonly lines: readonly string[];
  readonly without: readonly { readonly experiment: string; readonly why: string }[];
}

/** The lift in the candidate's arm. */
const planted = 0.05;

describe("a comparison's forecast, tested as an experiment", () => {
  let server: RunningServer;
  let store: Store;
  let dataset: string;
  let home: string;
  let remove: () => void;
  let run: string;
  let design: string;
  let experiment: string;

  before(async () => {
    ({ store, dataset, home, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const { page, submit } = visitorOf(() => server.address);

  /** Rows of sellers with every column of the design; `lift` is what the candidate changes of their sales. */
  function sellers(name: string, count: number, lift: number): string {
    const opened = openExperiment(store, name).design;
    const deal = dealing(opened);
    const random = randomStream(9, name);
    const columns = [...new Set(opened.metrics.flatMap(({ form }) => (form.kind === "ratio" ? [form.of, form.over] : [form.of])))];
    const rows = Array.from({ length: count }, (_, index) => {
      const seller = `s${String(index).padStart(5, "0")}`;
      const sales = (deal(seller).arm === 1 ? 1 + lift : 1) * (5_000 + 400 * random.normal());
      const values = columns.map((column) =>
        column === "gmv"
          ? sales.toFixed(2)
          : column === "orders"
            ? Math.round(sales / 50)
            : column.startsWith("due") || column === "reviews"
              ? 40
              : random.below(6),
      );
      return [seller, ...values].join(",");
    });
    return [["seller", ...columns].join(","), ...rows].join("\n");
  }

  it("begins with a page that says that there is nothing to compare", async () => {
    expect(await page("/experiments")).to.include('href="/experiments/calibration"');
    expect(await page("/experiments/calibration")).to.include("Nothing to compare yet");
    const text = present(findOperation("experiment calibration"), "calibration");
    const answer = await text.perform({}, contextOf(store));
    expect(text.print(answer, {}, contextOf(store))).to.include("There is nothing to compare yet");
  });

  it("goes from the comparison to a design that reads and locks as it stands", async () => {
    const asked = await submit("/compare", {
      baseline: "seller-performance@1.0.0",
      candidate: "seller-performance@2.0.0",
      dataset,
      to: lastDayBefore(store, dataset, 4),
      seed: "1",
      criteria: "",
    });
    expect(asked.status).to.equal(303);
    const progress = asked.headers.get("location") ?? "";
    for (let tries = 0; tries < 900 && store.runs.list(1).length === 0; tries++) await new Promise((resolve) => setTimeout(resolve, 100));
    run = store.runs.list(1)[0]?.id ?? "";
    expect(await page(progress)).not.to.equal("");
    const report = await page(`/runs/${run}/report`);
    const link = /href="(\/experiments\/new\?run=[0-9a-f]+)"/.exec(report)?.[1] ?? "";
    expect(link).to.equal(`/experiments/new?run=${run}`);
    const html = await page(link);
    design = (/<textarea id="text"[^>]*>([\s\S]*?)<\/textarea>/.exec(html)?.[1] ?? "")
      .replaceAll("&quot;", '"')
      .replaceAll("&#x27;", "'")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
    expect(html, "the comparison's own dataset").to.match(new RegExp(`<option value="${dataset}" selected>`));
    expect(design).to.include("title: Late dispatch rate");
    expect(design).to.include(`forecast: ${run}`).and.to.include("policy: seller-performance@2.0.0");
    // The salt is the design's name, which holds the comparison's id, and that changes with the program: one interval in twenty would miss.
    const dealt = design.replace(/(?<=assignment: \{ salt: )[^ ]+/, "gold-line");
    expect(dealt).to.not.equal(design);
    const made = await submit("/experiments", { text: dealt, history: "", do: "keep" });
    expect(made.status).to.equal(303);
    experiment = (made.headers.get("location") ?? "").split("/").at(-1) ?? "";
    expect((await submit(`/experiments/${experiment}/lock`, {})).status).to.equal(303);
    const shown = await page(`/experiments/${experiment}`);
    expect(shown).to.include("Forecast and result").and.to.include(`href="/runs/${run}/report"`);
    expect(shown).to.include("no result, nothing was observed yet").and.not.include("Measured less forecast");
    expect(shown).to.include("The comparison forecasts sums, not how many units have any.");
  });

  it("another design from the same comparison has a name of its own", async () => {
    expect(await page(`/experiments/new?run=${run}`)).to.include(`experiment: ${experiment}-2`);
  });

  it("goes on to the result beside the forecast, the decision and the calibration", async () => {
    // The demo's own sellers in the four weeks after the comparison's history, with 5 % more sales planted in the candidate's arm.
    const deal = dealing(openExperiment(store, experiment).design);
    const csv = demoObservations(store, dataset, 4, (seller) => (deal(seller).arm === 1 ? 1 + planted : 1));
    expect((await submit(`/experiments/${experiment}/observations`, { observations: csv })).status).to.equal(303);
    const shown = await page(`/experiments/${experiment}`);
    expect(shown).to.include("What was forecast, and what was measured");
    expect(shown).to.match(/Sales: [^<]* was forecast and [^<]* measured/);
    const decided = await submit(`/experiments/${experiment}/decisions`, {
      arm: "candidate",
      decision: "hold",
      by: "A. Owner",
      reason: "The forecast is to be understood first.",
    });
    expect(decided.status).to.equal(303);
    expect(await page(`/experiments/${experiment}`)).to.include("Decided by <bdi>A. Owner</bdi>");
    const calibration = await page("/experiments/calibration");
    expect(calibration).to.include("1 experiment counts.").and.to.include("cannot be told yet");
    expect(calibration).to.include("With 1 of them there is no line to draw");
    expect(calibration).to.match(/aria-label="Results by forecasts"[^>]*><svg/);
    const rows = (await page("/experiments/calibration.csv")).split("\r\n");
    expect(rows).to.have.length(4);
    expect(rows[1]).to.include(`${experiment},candidate,gmv,${run}`);
    expect(await page("/experiments/calibration.json")).to.include('"counted":1');
  });

  it("gives programs the same: rows, what is not forecast, and a difference that is result less forecast", async () => {
    const response = await fetch(`${server.address}/api/experiments/${experiment}/analysis`);
    const { forecast } = (await response.json()) as { forecast: Forecast };
    const [sales] = forecast.against.rows;
    expect(forecast.against.rows.map(({ metric }) => metric)).to.deep.equal(["gmv", "orders"]);
    expect(forecast.against.notForecast.map(({ metric }) => metric)).to.include("still_selling");
    const { forecast: foretold, result, difference } = present(sales, "sales").relative;
    expect(difference.value).to.be.closeTo(result.value - foretold.value, 1e-12);
    const { lower, upper } = present(result.interval, "an interval");
    expect(lower < planted && planted < upper).to.equal(true);
    const calibrated = (await (await fetch(`${server.address}/api/experiments/calibration`)).json()) as Calibrated;
    expect(calibrated.calibration.counted).to.equal(1);
    expect(calibrated.calibration.points.map(({ leftOut }) => leftOut)).to.deep.equal([undefined, "orders are forecast by GMV's share"]);
    expect(calibrated.lines).to.deep.equal([]);
  });

  it("writes the same into the table of everything", async () => {
    const { forecast } = (await (await fetch(`${server.address}/api/experiments/${experiment}/analysis`)).json()) as { forecast: Forecast };
    const [row] = forecast.against.rows;
    const table = (await page(`/experiments/${experiment}/analysis.csv`)).split("\r\n").filter((line) => line.startsWith("forecast,"));
    const value = (quantity: string) =>
      Number(table.find((line) => line.startsWith(`forecast,${row?.metric},`) && line.includes(`,${quantity},`))?.split(",")[7]);
    for (const [quantity, told] of [
      ["forecast", row?.relative.forecast],
      ["result", row?.relative.result],
      ["result less forecast", row?.relative.difference],
    ] as const)
      expect(value(quantity)).to.equal(told?.value);
    expect(table.filter((line) => line.includes(",not forecast,"))).to.have.length(forecast.against.notForecast.length);
  });

  it("prints the same in a terminal", async () => {
    const context = contextOf(store);
    for (const [name, input, part] of [
      ["experiment analyse", { name: experiment }, `forecast by comparison ${run}`],
      ["experiment calibration", {}, "slope of results on forecasts: not determined"],
    ] as const) {
      const operation = present(findOperation(name), name);
      expect(operation.print(await operation.perform(input, context), input, context)).to.include(part);
    }
  });

  it("gives every candidate of a comparison an arm, sellers and creators alike, in a text that reads as it stands", async () => {
    const made = await perform<{ dataset: { id: string } }>(store, "dataset demo", { kind: "creator", sellers: 40, weeks: 30 });
    for (const [baseline, candidates, on, arms] of [
      ["seller-performance@1.0.0", ["seller-performance@1.1.0", "seller-performance@2.0.0"], dataset, 3],
      ["creator-performance@1.0.0", ["creator-performance@1.1.0"], made.dataset.id, 2],
    ] as const) {
      const compared = await perform<{ run: { id: string } }>(store, "compare", { baseline, candidates, dataset: on });
      const { text: written } = designOfComparison(store, present(store.runs.find(compared.run.id)[0], "a run"));
      const found = await perform<{ experiment: { arms: readonly object[] } }>(store, "experiment design", {
        file: { file: "design.yaml", text: written },
        only: true,
      });
      expect(found.experiment.arms).to.have.length(arms);
      const [, primary = ""] = /^ {2}(\w+): \{ .*role: primary/m.exec(written) ?? [];
      const expected =
        primary === "gmv"
          ? /^hypothesis: "The replay forecasts/m
          : /^hypothesis: "\w[\w ]+ falls under \w[\w. ]*, by 10 % or more\. The replay/m;
      expect(written)
        .to.match(expected)
        .and.to.match(/^ {2}gmv: .*role: (?:primary|guardrail)/m);
    }
  });

  it("is offered for sales, harm, who leaves and newcomers who stay, each a text that reads and is sized as it stands", async () => {
    const compared = await perform<{ run: { id: string } }>(store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: ["seller-performance@2.0.0"],
      dataset,
    });
    const record = present(store.runs.find(compared.run.id)[0], "a run");
    const { offered } = designOfComparison(store, record);
    expect(offered.map(({ outcome }) => outcome)).to.deep.equal(["sales", "harm", "exit", "newcomers"]);
    for (const { outcome, title } of offered) {
      const written = designOfComparison(store, record, outcome);
      expect(written.offered.filter(({ isChosen }) => isChosen).map((each) => each.outcome)).to.deep.equal([outcome]);
      expect(written.text.match(/role: primary/g)).to.have.length(1);
      const found = await perform<{ sizes: readonly { role: string; title: string; history: { units: number } }[] }>(
        store,
        "experiment design",
        {
          file: { file: "design.yaml", text: written.text },
          dataset,
          only: true,
        },
      );
      const [primary] = found.sizes.filter(({ role }) => role === "primary");
      expect(primary?.title).to.equal(title);
      expect(primary?.history.units).to.be.above(outcome === "newcomers" ? 0 : 50);
    }
  });

  it("does not count a comparison that was named after the lock", async () => {
    const late = design.replace(/^experiment: .*$/m, "experiment: late").replace(/^forecast:.*\n/m, "");
    const file = join(home, "late.yaml");
    writeFileSync(file, late);
    await perform(store, "experiment design", { file });
    await perform(store, "experiment lock", { name: "late" });
    await perform(store, "experiment observe", { name: "late", file: { file: "late.csv", text: sellers("late", 2_000, 0) } });
    writeFileSync(file, design.replace(/^experiment: .*$/m, "experiment: late"));
    await perform(store, "experiment design", { file, amend: "The comparison was forgotten." });
    const { calibration } = await perform<Calibrated>(store, "experiment calibration", {});
    expect(calibration.counted).to.equal(1);
    expect(calibration.points.find((point) => point.experiment === "late")?.leftOut).to.equal("the comparison was named after the lock");
  });

  /** Experiments at the same time deal by salts of their own. */
  function anotherDeal(text: string, name: string): string {
    return text.replace(/^experiment: .*$/m, `experiment: ${name}`).replace(/salt: [\w-]+/, `salt: ${name}`);
  }

  it("draws the line and prints the lines of a file of assumptions from three experiments on, and changes nothing by itself", async () => {
    for (const [index, lift] of [0.01, 0.02].entries()) {
      const name = `more-${index}`;
      await perform(store, "experiment design", {
        file: { file: "d.yaml", text: anotherDeal(design, name) },
      });
      await perform(store, "experiment lock", { name });
      await perform(store, "experiment observe", { name, file: { file: `${name}.csv`, text: sellers(name, 2_000, lift) } });
    }
    const { calibration, lines } = await perform<Calibrated>(store, "experiment calibration", {});
    expect(calibration.counted).to.equal(3);
    // One comparison thrice: the forecasts do not differ, and no line goes through them.
    expect(calibration.slope.kind).to.equal("undetermined");
    expect(lines[0]).to.equal("traffic_elasticity:");
    expect(await page("/experiments/calibration")).to.include("Nothing changes until somebody writes them there");
  });

  describe("a design that names a comparison is refused", () => {
    const faults: readonly (readonly [string, (text: string) => string, string, string])[] = [
      ["that is not there", (text) => text.replace(/^forecast: \w+/m, "forecast: 000000000000"), "bad-forecast", "has no comparison"],
      [
        "of another baseline",
        (text) => text.replace("policy: seller-performance@1.0.0", "policy: seller-performance@1.1.0"),
        "bad-forecast",
        "the baseline of",
      ],
      [
        "of another candidate",
        (text) => text.replace("policy: seller-performance@2.0.0", "policy: seller-performance@1.1.0"),
        "bad-forecast",
        "did not compare",
      ],
      ["by half its id", (text) => text.replace(/^forecast: (\w{6})\w+/m, "forecast: $1"), "bad-form", "12 digits"],
      ["with an arm without a policy", (text) => text.replace(", policy: seller-performance@2.0.0", ""), "missing-key", "names none"],
      ["under the name of a page", (text) => text.replace(/^experiment: .*$/m, "experiment: calibration"), "bad-form", "address of a page"],
    ];
    for (const [what, change, code, words] of faults) {
      it(what, async () => {
        const response = await fetch(`${server.address}/api/experiments`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ file: { file: "design.yaml", text: change(design) }, only: true }),
        });
        expect(response.status).to.equal(422);
        const text = await response.text();
        expect(text).to.include(code).and.to.include(words);
        expect(text).to.match(/"line":\s*\d+/);
      });
    }
  });
});
