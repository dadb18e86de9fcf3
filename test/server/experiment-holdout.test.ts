/** A holdout over several experiments, through the doors: held back from each, and measured in total when they are decided. */
import { expect } from "chai";
import { InputRefused, randomStream } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { dealing } from "../../simulations/experiments/index.ts";
import { heldBackPart } from "../../views/index.ts";
import { designOf } from "../experiments/designs.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const design = (name: string, assignment: string, arms = "{ control: 50 %, new: 50 % }") => `experiment: ${name}
title: The ${name}
hypothesis: They order more.
unit: seller
arms: ${arms}
assignment: ${assignment}
columns: { unit: seller }
metrics:
  orders: { mean: orders, role: primary, better: up }
plan: { looks: once }
`;
const held = (name: string) => design(name, `{ salt: ${name}, holdout: { name: year, share: 10 % } }`);
const total = design("total", "{ measures: year }", "{ held back: 10 %, others: 90 % }");

/** Sellers whose mean is 10, times what `factor` says of their arm. */
function rows(text: string, factor: (arm: number) => number): string {
  const [deal, random] = [dealing(designOf(text)), randomStream(6, text)];
  const units = Array.from({ length: 4_000 }, (_, index) => `s${index}`);
  return ["seller,orders", ...units.map((unit) => `${unit},${(10 * factor(deal(unit).arm) + 2 * random.normal()).toFixed(3)}`)].join("\n");
}

interface Answer {
  readonly heldBack: {
    readonly caveats: readonly string[];
    readonly experiments: readonly { readonly experiment: string; readonly state: string; readonly arm: string }[];
    readonly effects: readonly {
      readonly together: { readonly value: number };
      readonly total: { readonly value: number };
      readonly pValue: number;
      readonly words: string;
    }[];
  };
}

describe("a holdout over several experiments, through the doors", () => {
  let server: RunningServer;
  let store: Store;
  let remove: () => void;

  const run = async (text: string, factor: (arm: number) => number): Promise<void> => {
    const name = designOf(text).name;
    await perform(store, "experiment design", { file: { file: "design.yaml", text } });
    await perform(store, "experiment lock", { name });
    await perform(store, "experiment observe", { name, file: { file: "rows.csv", text: rows(text, factor) } });
  };
  const decide = async (name: string, decision: string) =>
    await perform(store, "experiment decide", { name, arm: "new", decision, reason: "By the rule.", by: "Ada" });

  before(async () => {
    ({ store, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    await run(held("spring"), (arm) => (arm === 1 ? 1.1 : 1));
    await run(held("summer"), (arm) => (arm === 1 ? 1.05 : 1));
    await run(held("autumn"), (arm) => (arm === 1 ? 0.9 : 1));
    await run(held("winter"), () => 1);
    await run(design("beside", "{ salt: beside }"), () => 1);
    await decide("spring", "ship");
    await decide("summer", "ship");
    await decide("autumn", "stop");
    await run(total, (arm) => (arm === 1 ? 1.155 : 1));
  });
  after(async () => {
    await server.close();
    remove();
  });

  const text = async (path: string): Promise<string> => await (await fetch(server.address + path)).text();

  it("says what was shipped, in total and one by one, on the page and in every file", async () => {
    const { heldBack } = JSON.parse(await text("/experiments/total/analysis.json")) as Answer;
    expect(
      heldBack.experiments
        .map(({ experiment, state, arm }) => [experiment, state, arm])
        .toSorted(([a = ""], [b = ""]) => a.localeCompare(b)),
    ).to.deep.equal([
      ["autumn", "not shipped", ""],
      ["beside", "treats held-back units too", ""],
      ["spring", "shipped", "new"],
      ["summer", "shipped", "new"],
      ["winter", "running", ""],
    ]);
    const [orders] = heldBack.effects;
    expect(orders?.together.value).to.be.closeTo(0.155, 0.03);
    expect(orders?.total.value).to.be.closeTo(0.155, 0.03);
    for (const path of ["/experiments/total", "/experiments/total/analysis.html"]) {
      const html = await text(path);
      expect(html).to.include("What was shipped, in total").and.to.include("that the total is another is not shown");
      expect(html).to.include("Units of an experiment that is not decided are among the others");
      expect(html).to.include("What the experiment without this holdout did is in both arms");
    }
    expect(await text("/experiments/total")).not.to.include("Decided after");
    const csv = await text("/experiments/total/analysis.csv");
    expect(csv).to.match(/holdout,,,,year,,caveat,.*Units of an experiment that is not decided/);
    expect(csv).to.match(/holdout,,,new,year,spring,experiment,.*shipped/);
    expect(csv).to.match(/holdout,orders,,,year,,total against parts together,/);
    expect(await text("/experiments/spring")).not.to.include("What was shipped, in total");
  });

  it("says the share that is held back with its own digits", () => {
    const nothing = { holdout: "year", experiments: [], caveats: [], effects: [], told: (words: string) => words };
    expect(heldBackPart({ ...nothing, share: 0.0025 }).lead).to.include("the 0.25\u00a0% that ‘year’ holds back");
    expect(heldBackPart({ ...nothing, share: 0.1 }).lead).to.include("the 10\u00a0% that ‘year’ holds back");
  });

  it("says what was decided after the plan's first day, and takes no other measurement for an experiment", async () => {
    const since = total
      .replace("experiment: total", "experiment: since")
      .replace("looks: once", "looks: once, start: 2020-01-06, weeks: 4");
    await run(since, (arm) => (arm === 1 ? 1.1 : 1));
    const { heldBack } = JSON.parse(await text("/experiments/since/analysis.json")) as Answer;
    expect(heldBack.experiments.map(({ experiment }) => experiment)).not.to.include("total");
    expect(heldBack.caveats.at(-1)).to.match(
      /^Decided after this plan's first day, 2020-01-06: '\w+', '\w+'\. If it was shipped only then,/,
    );
    expect(await text("/experiments/since")).to.include("on a part of the days or on none");
  });

  it("takes the candidate that was decided last where several of one experiment were shipped, and says what its lift is of", async () => {
    const apart = smallMarketplace();
    const { store: home, remove: forget } = await apart;
    try {
      const three = "{ control: 34 %, new: 33 %, newer: 33 % }";
      const text = design("three", "{ salt: three, holdout: { name: year, share: 10 % } }", three).replace(
        "better: up }",
        "better: up, cap: 14 }",
      );
      for (const own of [text, total]) {
        const { name } = designOf(own);
        await perform(home, "experiment design", { file: { file: "design.yaml", text: own } });
        await perform(home, "experiment lock", { name });
        if (name === "three")
          await perform(home, "experiment expose", { name, units: Array.from({ length: 4_000 }, (_, index) => `s${index}`) });
        const file = { file: "rows.csv", text: rows(own, (arm) => [1, 1.1, 1.02][arm] ?? 1) };
        await perform(home, "experiment observe", { name, file });
      }
      const ship = async (arm: string) =>
        await perform(home, "experiment decide", { name: "three", arm, decision: "ship", reason: "By hand.", by: "Ada" });
      await ship("newer");
      await ship("new");
      const { heldBack } = await perform<Answer>(home, "experiment analyse", { name: "total" });
      expect(heldBack.experiments.map(({ state, arm }) => [arm, state])).to.deep.equal([
        ["newer", "replaced"],
        ["new", "shipped"],
      ]);
      expect(heldBack.effects[0]?.together.value).to.be.closeTo(0.09, 0.02);
      expect(heldBack.caveats).to.deep.equal([
        "More than one candidate of 'three' was shipped: a unit lives under one of them, and the one that was decided last counts.",
        "Lifts of 'three' are of units that met the change alone, and the total is of all units: where some never meet it, the total is less than its parts for that alone.",
        "Extreme values are drawn in: orders (at 14 in 'three', as they are in total). A lift of such values is not that of the values as they are.",
      ]);
    } finally {
      forget();
    }
  });

  it("refuses another share of the same holdout when it is locked", async () => {
    const other = held("other").replace("share: 10 %", "share: 5 %");
    await perform(store, "experiment design", { file: { file: "design.yaml", text: other } });
    const refused = await perform(store, "experiment lock", { name: "other" }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(InputRefused);
    expect((refused as InputRefused).diagnostics[0]).to.include({ code: "holdout-differs" });
    expect(String(refused)).to.match(/'\w+' holds back 10 % of the units as 'year', and this design 5 %/);
  });
});
