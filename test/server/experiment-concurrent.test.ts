/** Two experiments on the same sellers through the doors: found by their rules when rows are read, told on the page, in files and to programs. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { dealing, readDesign } from "../../simulations/experiments/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const design = (name: string, { assignment = `{ salt: ${name} }`, unit = "seller", start = "2025-03-03" } = {}) => `experiment: ${name}
title: The ${name} one
hypothesis: It sells more.
unit: ${unit}
arms: { control: 50 %, gentle: 50 % }
assignment: ${assignment}
columns: { unit: seller }
metrics:
  gmv: { mean: gmv, role: primary, better: up, title: Sales }
plan: { looks: once, start: ${start}, weeks: 4 }
`;

/** Sellers who sell 2 more under either, and nothing more under both. */
function sellers(): string {
  const armsOf = ["first", "second"].map((name) => dealing(readDesign({ text: design(name), file: "design.yaml" }).design ?? fail()));
  const random = randomStream(9, "sellers");
  const rows = Array.from({ length: 1_200 }, (_, index) => {
    const isTreated = armsOf.some((deal) => deal(`s${index}`).arm === 1);
    return `s${index},${(20 + (isTreated ? 2 : 0) + 4 * random.normal()).toFixed(2)}`;
  });
  return ["seller,gmv", ...rows].join("\n");
}

function fail(): never {
  throw new Error("a design that reads");
}

interface Told {
  readonly analysis: {
    readonly health: { readonly checks: readonly { readonly name: string; readonly state: string; readonly finding: string }[] };
    readonly interactions?: {
      readonly overlaps: readonly { readonly experiment: string; readonly units: number }[];
      readonly rows: readonly { readonly interaction: { readonly value: number } }[];
    };
  };
}

describe("two experiments on the same sellers, through the doors", () => {
  let server: RunningServer;
  let store: Store;
  let remove: () => void;

  const lock = async (text: string): Promise<void> => {
    const { experiment } = await perform<{ experiment: { name: string } }>(store, "experiment design", {
      file: { file: "design.yaml", text },
    });
    await perform(store, "experiment lock", { name: experiment.name });
  };
  const observe = async (name: string): Promise<Told> => {
    await perform(store, "experiment observe", { name, file: { file: "rows.csv", text: sellers() } });
    return await perform<Told>(store, "experiment analyse", { name });
  };
  const text = async (path: string): Promise<string> => await (await fetch(server.address + path)).text();

  before(async () => {
    ({ store, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    await lock(design("first"));
    await lock(design("second"));
    await lock(design("later", { start: "2025-06-02" }));
    await lock(design("buyers", { unit: "buyer" }));
    await lock(design("elsewhere", { assignment: "{ salt: elsewhere, layer: { name: a, from: 0 %, to: 50 % } }" }));
    await lock(design("apart", { assignment: "{ salt: apart, layer: { name: a, from: 50 %, to: 100 % } }" }));
  });
  after(async () => {
    await server.close();
    remove();
  });

  it("are told with a warning and the difference of effects; those of other units or weeks are not", async () => {
    const { analysis } = await observe("first");
    expect(analysis.interactions?.overlaps.map(({ experiment }) => experiment)).to.deep.equal(["apart", "elsewhere", "second"]);
    expect(analysis.interactions?.overlaps[2]?.units).to.equal(1_200);
    const check = analysis.health.checks.find(({ name }) => name === "other-experiments");
    expect(check?.state).to.equal("care");
    expect(check?.finding).to.include("the effect of gentle on Sales is another for units under gentle of 'second'.");
    const html = await text("/experiments/first");
    expect(html).to.include('Other experiments on the same units <span class="quiet">exploratory</span>');
    expect(html).to.include("Effects by the arm that units have there");
    const rows = (await text("/experiments/first/analysis.csv"))
      .split("\r\n")
      .filter((row) => row.startsWith("concurrent,") && row.includes(",interaction,"));
    expect(rows.map((row) => Number(row.split(",")[7]))).to.deep.equal(
      analysis.interactions?.rows.map(({ interaction }) => interaction.value),
    );
    expect(rows[2]).to.match(/^concurrent,gmv,primary,gentle,second,gentle against control,interaction,-\d/);
  });

  it("of parts of a layer that do not overlap share no seller", async () => {
    const { analysis } = await observe("apart");
    expect(analysis.interactions?.overlaps.map(({ experiment }) => experiment)).to.deep.equal(["first", "second"]);
  });

  it("stop where they deal by one salt", async () => {
    await lock(design("copy", { assignment: "{ salt: first }" }));
    const { analysis } = await observe("copy");
    const check = analysis.health.checks.find(({ name }) => name === "other-experiments");
    expect([check?.state, check?.finding]).to.deep.equal([
      "stop",
      "Arms here and in 'first' are not dealt independently of each other: what one does is mixed with what the other does.",
    ]);
  });
});
