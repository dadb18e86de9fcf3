/** A design sized by a dataset over the doors, and everything about an experiment as files: one page, one table, one document. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { exampleDesign } from "../../server/operations/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const hostile = '<script>alert("1")</script>';

const design = `experiment: exported
title: 'A title, with ${hostile}'
hypothesis: It helps.
unit: seller
arms: { control: { share: 50 %, policy: seller-performance@1.0.0 }, gentle: { share: 50 %, policy: seller-performance@2.0.0 } }
assignment: { salt: exported }
columns: { unit: seller, day: day }
metrics:
  kept: { share: kept, role: primary, better: up, title: Still selling }
  gmv: { mean: gmv, role: guardrail, better: up, margin: 20 % of control, cap: 99 % quantile }
segments: [region]
plan: { looks: 3 by obrien-fleming, units: 600, start: 2025-03-03, weeks: 4 }
`;

function rows(): string {
  const random = randomStream(8, "exported");
  const lines = Array.from({ length: 400 }, (_, index) => index).flatMap((index) =>
    [0, 1, 2, 3].map((week) => {
      const day = new Date(Date.UTC(2025, 2, 3 + 7 * week)).toISOString().slice(0, 10);
      return [
        `s${index}`,
        day,
        random.uniform() < 0.3 ? 1 : 0,
        (20 + 5 * random.normal()).toFixed(2),
        index % 3 === 0 ? "north" : "south",
      ].join(",");
    }),
  );
  return ["seller,day,kept,gmv,region", ...lines].join("\n");
}

describe("the files of an experiment", () => {
  let server: RunningServer;
  let store: Store;
  let dataset: string;
  let home: string;
  let remove: () => void;

  before(async () => {
    ({ store, dataset, home, remove } = await smallMarketplace());
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
    await perform(store, "experiment design", { file: { file: "design.yaml", text: design } });
    await perform(store, "experiment lock", { name: "exported" });
    await perform(store, "experiment observe", { name: "exported", file: { file: "rows.csv", text: rows() } });
    await perform(store, "experiment decide", {
      name: "exported",
      arm: "gentle",
      decision: "hold",
      reason: 'Too early, said "A".',
      by: "A. Owner",
    });
  });
  after(async () => {
    await server.close();
    remove();
  });

  const get = async (path: string) => await fetch(server.address + path);
  const text = async (path: string): Promise<string> => await (await get(path)).text();

  it("are one page that asks for nothing, with the whole analysis and the decision", async () => {
    const response = await get("/experiments/exported/analysis.html");
    expect(response.headers.get("content-disposition")).to.equal('attachment; filename="exported.html"');
    const html = await response.text();
    expect(html).not.to.match(/<script|<link rel="stylesheet"|<form|<img|@import|url\((?!["']?(?:data:|#))/);
    // Nothing leads out of the file, and what it leads to is there.
    const links = [...html.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(([, link = ""]) => link);
    for (const link of links.filter((one) => one !== "data:,")) {
      expect(link).to.match(/^#/);
      expect(html).to.include(`id="${link.slice(1)}"`);
    }
    for (const part of [
      "<style>",
      "Health",
      "Scorecard",
      "Segments",
      "Day by day",
      "by week since exposure",
      "Sensitivity",
      "A. Owner",
      "salt: exported",
    ])
      expect(html).to.include(part);
    expect(html).to.include("A title, with &lt;script&gt;");
    expect(await text("/experiments/exported/analysis.html")).to.equal(html);
    const page = await text("/experiments/exported");
    for (const ending of ["html", "csv", "json"]) expect(page).to.include(`href="/experiments/exported/analysis.${ending}"`);
  });

  it("are one tidy table of every statement", async () => {
    const csv = await text("/experiments/exported/analysis.csv");
    const [head = "", ...lines] = csv.trimEnd().split("\r\n");
    expect(head).to.equal("part,metric,role,arm,by,group,quantity,value,lower,upper,level,n,p,p_adjusted,state,words,method,may_be_read");
    const cells = lines.map((one) =>
      [...one.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ""),
    );
    for (const row of cells) expect(row).to.have.length(18);
    const parts = new Set(cells.map(([part]) => part));
    expect([...parts]).to.deep.equal([
      "experiment",
      "health",
      "scorecard",
      "look",
      "guardrail",
      "rolled-out",
      "segment",
      "interaction",
      "since-exposure",
      "sensitivity",
      "recommendation",
      "decision",
    ]);
    const { analysis } = await perform<{
      analysis: { scorecard: readonly { metric: string; absolute: { value: number }; pValue: number }[] };
    }>(store, "experiment analyse", { name: "exported" });
    const [kept] = analysis.scorecard;
    const row = cells.find(([part, metric, , , , , quantity]) => part === "scorecard" && metric === "kept" && quantity === "absolute");
    expect([Number(row?.[7]), Number(row?.[12])]).to.deep.equal([kept?.absolute.value, kept?.pValue]);
    expect(cells.at(-1)?.slice(14, 16)).to.deep.equal(["hold", 'Too early, said "A".']);
  });

  it("are written by the command as well, and other endings are refused", async () => {
    for (const ending of ["html", "csv", "json"]) {
      const out = join(home, `exported.${ending}`);
      await perform(store, "experiment analyse", { name: "exported", out });
      const written = readFileSync(out, "utf8");
      if (ending !== "json") expect(written).to.equal(await text(`/experiments/exported/analysis.${ending}`));
      else expect(JSON.parse(written)).to.deep.equal(await (await get("/experiments/exported/analysis.json")).json());
    }
    const { design: stated, decisions } = JSON.parse(await text("/experiments/exported/analysis.json")) as {
      readonly design: { readonly name: string };
      readonly decisions: readonly object[];
    };
    expect([stated.name, decisions.length]).to.deep.equal(["exported", 1]);
    const { findOperation } = await import("../../server/operations/index.ts");
    const { contextOf } = await import("./small-marketplace.ts");
    expect(() => findOperation("experiment analyse")?.admit({ name: "exported", out: "x.pdf" }, contextOf(store))).to.throw(
      "does not end in .html",
    );
  });

  it("are not there before anything was observed, and say so", async () => {
    await perform(store, "experiment design", {
      file: { file: "design.yaml", text: design.replace("experiment: exported", "experiment: empty") },
    });
    for (const ending of ["html", "csv", "json"]) {
      const response = await get(`/experiments/empty/analysis.${ending}`);
      expect([response.status, response.headers.get("content-disposition")]).to.deep.equal([422, null]);
    }
    expect((await get("/experiments/nobody/analysis.html")).status).to.equal((await get("/experiments/nobody")).status);
  });

  it("judge the balance of triggers where a dataset is named", async () => {
    const out = join(home, "triggered.csv");
    const { analysis } = await perform<{ analysis: { health: { checks: readonly { name: string; state: string }[] } } }>(
      store,
      "experiment analyse",
      {
        name: "exported",
        dataset,
        out,
      },
    );
    expect(analysis.health.checks.find(({ name }) => name === "trigger-balance")?.state).to.equal("sound");
    expect(readFileSync(out, "utf8")).to.match(/\r\ntriggered,gmv,,gentle,weeks,/);
  });

  describe("and a design that a dataset sizes", () => {
    const submit = async (fields: Record<string, string>) =>
      await fetch(`${server.address}/experiments`, {
        method: "POST",
        headers: { accept: "text/html" },
        body: new URLSearchParams(fields),
        redirect: "manual",
      });

    it("is offered on the form, and shows sizes, the past and whom it can tell anything about", async () => {
      const form = await text("/experiments/new");
      expect(form).to.include(`<option value="${dataset}">`);
      const html = await (await submit({ text: exampleDesign, history: "", dataset, do: "size" })).text();
      expect(html).to.include(`<option value="${dataset}" selected>`);
      for (const part of [
        "How many units it needs",
        "What the past says",
        "Known beforehand, orders_before makes the interval",
        "Dealt by groups instead of one by one",
        "Whom this test can tell anything about",
        "would be treated otherwise under candidate",
        "Who differs, by tier held at the start",
      ])
        expect(html).to.include(part);
      expect(html).to.match(/(?:Compared w|W)ithin region[ :(]/);
      expect(html).to.match(/<svg[^>]*>[\s\S]*Units in all arms/);
    });

    it("is refused where the dataset lacks a column, and where units come from two places", async () => {
      const lacking = await submit({ text: exampleDesign.replace("mean: gmv", "mean: gnv"), history: "", dataset, do: "size" });
      expect(lacking.status).to.equal(422);
      expect(await lacking.text()).to.include("the dataset has no measure &#x27;gnv&#x27;, which the design names");
      const both = await submit({ text: exampleDesign, history: "seller,orders\na,1", dataset, do: "size" });
      expect(await both.text()).to.include("from a file or from a dataset, not from both");
    });

    it("is proved on the dataset's own units", async () => {
      await perform(store, "experiment design", { file: { file: "design.yaml", text: exampleDesign }, dataset });
      const prove = async (name: string) =>
        await perform<{ metrics: readonly { metric: string; level: { value: number } }[]; notes: readonly string[] }>(
          store,
          "experiment simulate",
          { name, dataset, experiments: 40 },
        );
      const { metrics, notes } = await prove("gold-line-2");
      expect(metrics.map(({ metric }) => metric)).to.deep.equal(["orders", "gmv"]);
      expect(notes).to.deep.equal([]);
      for (const [column, said] of [
        ["region", []],
        ["mood", ["The dataset says nothing of mood: arms are compared without strata."]],
      ] as const) {
        const text = exampleDesign
          .replace("experiment: gold-line-2", `experiment: by-${column}`)
          .replace("plan: {", `segments: [${column}]\nplan: { strata: ${column},`);
        await perform(store, "experiment design", { file: { file: "design.yaml", text } });
        expect((await prove(`by-${column}`)).notes).to.deep.equal(said);
      }
      let message = "";
      await perform(store, "experiment simulate", { name: "gold-line-2" }).catch((error: Error) => {
        message = error.message;
      });
      expect(message).to.include("units of the past come from a file or from a dataset");
    });
  });
});
