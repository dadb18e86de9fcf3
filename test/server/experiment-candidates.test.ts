/** Several candidates through the doors: each other's differences on the page, in files, to programs and on a terminal. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const units = readFileSync(packagePath("test", "experiments", "references", "pair-units.csv"), "utf8");
const design = (pairwise: string) => `experiment: three
title: Three candidates
hypothesis: One of three is better.
unit: unit
arms: { control: 25 %, soft: 25 %, firm: 25 %, hard: 25 % }
assignment: { recorded: true }
columns: { unit: unit, arm: arm }
metrics:
  sales: { mean: sales, role: primary, better: up, title: Sales, prior: 5 % of control }
plan: { looks: once${pairwise} }
`;

interface Analysed {
  readonly digest: string;
  readonly analysis: {
    readonly between: { readonly isPlanned: boolean; readonly pairs: readonly { readonly base: string; readonly arm: string }[] };
  };
}

describe("several candidates, through the doors", () => {
  let server: RunningServer;
  let store: Store;
  let remove: () => void;

  before(async () => {
    ({ store, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    await perform(store, "experiment design", { file: { file: "design.yaml", text: design("") } });
    await perform(store, "experiment lock", { name: "three" });
    await perform(store, "experiment observe", { name: "three", file: { file: "rows.csv", text: units } });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const text = async (path: string): Promise<string> => await (await fetch(server.address + path)).text();

  it("are told apart on the page, every pair once or against the one that is chosen", async () => {
    const html = await text("/experiments/three");
    expect(html).to.include('Between candidates <span class="quiet">exploratory</span>');
    expect(html).to.include("Sales is better under firm than under soft; Sales is better under firm than under hard.");
    const rowsOf = (page: string) =>
      /<section class="section is-spaced" id="between">([\s\S]*?)<\/section>/.exec(page)?.[1]?.match(/<tr><td/g)?.length;
    expect(rowsOf(html)).to.equal(3);
    const against = await text("/experiments/three?base=hard");
    expect(against).to.include("Every other candidate against hard");
    expect(against).to.include('<option value="hard" selected>');
    expect(rowsOf(against)).to.equal(2);
    expect(await text("/experiments/three?base=nobody"), "what is no candidate is every pair").to.include("Every pair of candidates");
    const file = await text("/experiments/three/analysis.html");
    expect(file).to.include("Every pair of candidates");
    expect(file).not.to.include('name="base"');
  });

  it("are told to programs both ways, or against one, which leaves the digest as it is", async () => {
    const whole = await perform<Analysed>(store, "experiment analyse", { name: "three" });
    expect(whole.analysis.between.isPlanned).to.equal(false);
    expect(whole.analysis.between.pairs.map(({ base, arm }) => `${base} ${arm}`)).to.deep.equal([
      "soft firm",
      "soft hard",
      "firm hard",
      "firm soft",
      "hard soft",
      "hard firm",
    ]);
    const against = (await (await fetch(`${server.address}/api/experiments/three/analysis?base=hard`)).json()) as Analysed;
    expect(against.analysis.between.pairs.map(({ arm }) => arm)).to.deep.equal(["soft", "firm"]);
    expect(against.digest).to.equal(whole.digest);
    const refused = await fetch(`${server.address}/api/experiments/three/analysis?base=control`);
    expect(refused.status).to.equal(400);
    expect(await refused.text()).to.include("Name one of soft, firm, hard.");
  });

  it("are in the table of everything, with what was planned", async () => {
    const rows = (await text("/experiments/three/analysis.csv")).split("\r\n").filter((row) => row.startsWith("pair,"));
    expect(rows.filter((row) => row.includes(",absolute,"))).to.have.length(6);
    for (const row of rows) expect(row).to.match(/^pair,sales,primary,(soft|firm|hard),exploratory,(soft|firm|hard),.*,yes$/);
  });

  it("say what each comes to in all, in the same places", async () => {
    const html = await text("/experiments/three");
    expect(html).to.include("<h2>If it is rolled out</h2>");
    expect(html).to.match(
      /Sales: under firm, given to 1,200 units, the sum changes by \+[\d,]+ \(\+[\d,]+ to \+[\d,]+\) against the control\./,
    );
    const { analysis } = (await (await fetch(`${server.address}/api/experiments/three/analysis`)).json()) as {
      analysis: { rolledOut: { rows: readonly { arm: string; total: { value: number } }[] } };
    };
    const rows = (await text("/experiments/three/analysis.csv"))
      .split("\r\n")
      .filter((row) => row.startsWith("rolled-out,") && row.includes(",in all,"));
    expect(rows.map((row) => Number(row.split(",")[7]))).to.deep.equal(analysis.rolledOut.rows.map(({ total }) => total.value));
  });

  it("have a posterior under the prior that the design states, beside the flat one", async () => {
    const html = await text("/experiments/three");
    expect(html).to.match(/<th scope="col"[^>]*>Chance better \(with the prior\)<\/th>/);
    expect(html).to.match(/With the prior: Sales under soft \+\d[^;]*; Sales under firm \+\d/);
    expect(html).to.include("under the normal prior that the design states: Sales around 0 (standard deviation 5\u00a0% of the control).");
    const rows = (await text("/experiments/three/analysis.csv")).split("\r\n");
    expect(
      rows.filter((row) => row.startsWith("scorecard,sales,primary,") && row.includes(",chance better with the prior,")),
    ).to.have.length(3);
    expect(
      rows.filter((row) => row.startsWith("pair,") && row.includes("with the prior")),
      "a prior is of effects against the control",
    ).to.deep.equal([]);
  });

  it("are exploratory still where an amendment names them after the lock", async () => {
    await perform(store, "experiment design", { file: { file: "design.yaml", text: design(", pairwise: holm") }, amend: "Asked for." });
    const { analysis } = await perform<Analysed>(store, "experiment analyse", { name: "three" });
    expect(analysis.between.isPlanned).to.equal(false);
    expect(await text("/experiments/three")).to.include("they were named, or named otherwise, after the lock");
  });
});
