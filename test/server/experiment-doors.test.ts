/** What the doors of experiments refuse and say: policies that nobody knows, effects that a check stops, files that are sent whole. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { InputRefused, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { readLibraryPolicy } from "../../policies/language/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { findOperation, openHome } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { contextOf, perform, visitorOf } from "./small-marketplace.ts";

const design = (
  more: { name?: string; baseline?: string; candidate?: string; assignment?: string; columns?: string; units?: number } = {},
) => {
  const {
    name = "lines",
    baseline = "1.0.0",
    candidate = "2.0.0",
    assignment = "{ recorded: true }",
    columns = "{ unit: seller, arm: arm }",
  } = more;
  return `experiment: ${name}
title: Another line
hypothesis: They stay.
unit: seller
arms:
  control: { share: 50 %, policy: seller-performance@${baseline} }
  gentle: { share: 50 %, policy: seller-performance@${candidate} }
assignment: ${assignment}
columns: ${columns}
metrics:
  kept: { share: kept, role: primary, better: up, effect: 5 points, title: Still selling }
segments: [region]
plan: { looks: once, units: ${more.units ?? 400} }
`;
};

/** So many sellers of each arm, of whom a share stays. */
function csvOf(arms: Readonly<Record<string, readonly [number, number]>>): string {
  const rows = Object.entries(arms).flatMap(([arm, [count, share]]) =>
    Array.from(
      { length: count },
      (_, index) => `${arm}${index},${arm},${index < share * count ? 1 : 0},${index % 2 === 0 ? "north" : "south"}`,
    ),
  );
  return ["seller,arm,kept,region", ...rows].join("\n");
}

describe("doors of experiments", () => {
  let server: RunningServer;
  let store: Store;
  let home: string;
  let remove: () => void;
  const { page, submit } = visitorOf(() => server.address);

  before(async () => {
    ({ home, remove } = temporaryHome());
    store = openHome(home);
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: [] });
  });
  after(async () => {
    await server.close();
    store.close();
    remove();
  });

  const refusalOf = async (name: string, input: object) =>
    await perform(store, name, input).then(
      () => [],
      (error: unknown) => {
        if (error instanceof InputRefused) return error.diagnostics;
        throw error;
      },
    );
  const given = (text: string) => ({ file: { file: "design.yaml", text } });
  const locked = async (text: string, name: string): Promise<void> => {
    await perform(store, "experiment design", given(text));
    await perform(store, "experiment lock", { name });
  };

  describe("policies of arms", () => {
    it("that nobody knows are refused at their place, all of them, with the nearest name", async () => {
      const found = await refusalOf("experiment design", given(design({ baseline: "1.0.1", candidate: "2.0.9" })));
      expect(found.map(({ code, place, near }) => [code, place?.file, place?.line, place?.column, near])).to.deep.equal([
        ["unknown-policy", "design.yaml", 6, 35, "seller-performance@1.0.0"],
        ["unknown-policy", "design.yaml", 7, 34, "seller-performance@2.0.0"],
      ]);
      expect(found[0]?.message).to.include("there is no version 'seller-performance@1.0.1'; there are seller-performance@1.0.0,");
      const strange = await refusalOf("experiment design", {
        ...given(design().replace("seller-performance@2.0.0", "mine.yaml")),
        only: true,
      });
      expect(strange.map(({ code, place }) => [code, place?.line])).to.deep.equal([["unknown-policy", 7]]);
      const mixed = await refusalOf("experiment design", given(design().replace("seller-performance@2.0.0", "creator-performance@1.0.0")));
      expect(mixed.map(({ code, place, message }) => [code, place?.line, message])).to.deep.equal([
        ["entity-mismatch", 7, "'creator-performance@1.0.0' scores a creator, and the arm before it lives under a policy of a seller"],
      ]);
      expect(store.experiments.find("lines")?.lockedAt).to.equal(undefined);
    });

    it("are refused on the page and over REST alike", async () => {
      const html = await (await submit("/experiments", { text: design({ candidate: "2.0.1" }), history: "", do: "keep" })).text();
      expect(html).to.include("Line 7, column 34: there is no version &#x27;seller-performance@2.0.1&#x27;");
      const response = await fetch(`${server.address}/api/experiments`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...given(design({ candidate: "2.0.1" })), only: true }),
      });
      const { code, diagnostics } = (await response.json()) as { code: string; diagnostics: readonly { line?: number }[] };
      expect([response.status, code, diagnostics[0]?.line]).to.deep.equal([404, "unknown-policy", 7]);
    });

    it("that went after the design was written are refused when it is locked", async () => {
      const { text } = readLibraryPolicy("seller-performance@2.0.0");
      await perform(store, "policy save", { file: { file: "next.yaml", text: text.replace("version: 2.0.0", "version: 2.7.0") } });
      await perform(store, "experiment design", given(design({ name: "gone", candidate: "2.7.0" })));
      const file = join(home, "policies", "seller-performance", "2.7.0.yaml");
      const kept = readFileSync(file);
      rmSync(file);
      const found = await refusalOf("experiment lock", { name: "gone" });
      expect(found.map(({ code, place }) => [code, place?.file, place?.line])).to.deep.equal([["unknown-policy", "gone.yaml", 7]]);
      expect(await (await submit("/experiments/gone/lock", {})).text()).to.include("Line 7, column 34: there is no version");
      writeFileSync(file, kept);
      await perform(store, "experiment lock", { name: "gone" });
    });
  });

  describe("effects that a failed check stops", () => {
    before(async () => {
      await locked(design(), "lines");
      await perform(store, "experiment observe", {
        name: "lines",
        file: { file: "rows.csv", text: csvOf({ control: [300, 0.5], gentle: [190, 0.8] }) },
      });
    });

    it("are titled so in every figure, and the rule holds", async () => {
      const html = await page("/experiments/lines");
      const titles = [...html.matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, title]) => title ?? "");
      expect(titles).to.include("Not to be read, a check fails: Still selling is better");
      const scored = html.slice(html.indexOf('id="scorecard"'), html.indexOf('id="observe"'));
      for (const [, title = ""] of scored.matchAll(/<(?:h3|caption)[^>]*>([^<]*)/g))
        expect(title).to.match(/^Not to be read, a check fails: /);
      expect(html).to.include("Not to be read, a check fails: Still selling is higher under gentle, which is better.");
      expect(html).to.match(/says of <bdi>gentle<\/bdi>: <b>hold<\/b>/);
    });

    it("say so to programs, in files and on a terminal; harm still stops", async () => {
      type Told = { readonly words: string }[];
      const found = await perform<{ analysis: { health: { mayBeRead: boolean }; scorecard: Told; segments: Told } }>(
        store,
        "experiment analyse",
        { name: "lines" },
      );
      const { health, scorecard, segments } = found.analysis;
      expect([health.mayBeRead, segments.length]).to.deep.equal([false, 1]);
      for (const { words } of [...scorecard, ...segments]) expect(words).to.match(/^Not to be read, a check fails: /);
      const json = JSON.parse(await page("/experiments/lines/analysis.json")) as typeof found;
      expect(json.analysis.health.mayBeRead).to.equal(false);
      const told = await page("/experiments/lines/analysis.html");
      const scored = told.slice(told.indexOf('id="scorecard"'), told.indexOf('id="observe"'));
      for (const [, title = ""] of scored.matchAll(/<(?:h3|caption)[^>]*>([^<]*)/g))
        expect(title).to.match(/^Not to be read, a check fails: /);
      const csv = await page("/experiments/lines/analysis.csv");
      expect(csv).to.include("Not to be read, a check fails: Still selling is higher");
      const rows = csv.trim().split("\r\n");
      expect(rows[0]).to.match(/,may_be_read$/);
      const ofEffects = rows.filter((row) => /^(?:scorecard|guardrail|segment|interaction|sensitivity),/.test(row));
      expect(ofEffects.length).to.be.greaterThan(8);
      for (const row of ofEffects) expect(row).to.match(/,no$/);
      for (const row of rows.slice(1).filter((one) => /^(?:experiment|health|recommendation),/.test(one))) expect(row).to.match(/,$/);
      const analyse = present(findOperation("experiment analyse"), "an operation");
      expect(analyse.print(found, { name: "lines" }, contextOf(store))).to.match(/\nNot to be read, a check fails:\nmetric/);
      await perform(store, "experiment observe", {
        name: "lines",
        file: { file: "rows.csv", text: csvOf({ control: [420, 0.8], gentle: [300, 0.4] }) },
      });
      const { analysis } = await perform<{ analysis: { recommendations: readonly { decision: string; reasons: readonly string[] }[] } }>(
        store,
        "experiment analyse",
        { name: "lines" },
      );
      expect(analysis.recommendations[0]?.decision).to.equal("stop");
      expect(analysis.recommendations[0]?.reasons[0]).to.equal("A health check fails: the effects cannot be trusted.");
    });
  });

  it("a look that the plan does not have is told once in the answer", async () => {
    await locked(design({ name: "early", units: 900 }), "early");
    await perform(store, "experiment observe", {
      name: "early",
      file: { file: "rows.csv", text: csvOf({ control: [200, 0.5], gentle: [200, 0.55] }) },
    });
    const html = await page("/experiments/early");
    const answer = html.slice(html.indexOf('id="answer"'), html.indexOf('id="health"'));
    expect(answer.match(/The plan looks once/g)).to.deep.equal(["The plan looks once"]);
    expect(answer.match(/cannot ship/g)).to.deep.equal(["cannot ship"]);
  });

  describe("files of observations", () => {
    const send = async (body: Uint8Array<ArrayBuffer>, { name = "lines", type = "application/octet-stream", what = "observations" } = {}) =>
      await fetch(`${server.address}/experiments/${name}/${what}/file?called=${encodeURIComponent("C:\\mine\\rows <1>.csv.gz")}`, {
        method: "POST",
        headers: { accept: "text/html", "content-type": type },
        body,
        redirect: "manual",
      });
    const rows = csvOf({ control: [200, 0.5], gentle: [200, 0.8] });
    const bytes = (text: string | Buffer) => new Uint8Array(Buffer.from(text));

    it("are sent as they are, packed or not, and shown by their own name", async () => {
      const sent = await send(new Uint8Array(gzipSync(rows)));
      expect([sent.status, sent.headers.get("location")]).to.deep.equal([303, "/experiments/lines"]);
      expect(store.experiments.observations("lines").at(-1)).to.include({ file: "rows <1>.csv.gz", units: 400 });
      expect(await page("/experiments/lines")).to.include("The analysis is of <bdi>rows &lt;1&gt;.csv.gz</bdi>");
    });

    it("of the past are sent likewise: the sizes stand on the page that answers, a faulty row by the file's own name, and nothing is kept", async () => {
      const observations = store.experiments.observations("lines").length;
      const sent = await send(new Uint8Array(gzipSync(rows)), { what: "history" });
      const html = await sent.text();
      expect(sent.status).to.equal(200);
      expect(html).to.match(/How many units it needs[\s\S]*<svg/);
      const torn = await send(bytes(rows.replace("\n", '\n"')), { what: "history" });
      expect([torn.status, (await torn.text()).includes("rows &lt;1&gt;.csv.gz")]).to.deep.equal([422, true]);
      expect(store.experiments.observations("lines").length).to.equal(observations);
    });

    it("that cannot be read are refused on the page, and change nothing", async () => {
      const before = store.experiments.observations("lines").length;
      const latin = await send(bytes(Buffer.from(rows.replace("control7,", "contr\u00f4l7,"), "latin1")));
      expect([latin.status, (await latin.text()).includes("a cell of &#x27;seller&#x27; is not written in UTF-8")]).to.deep.equal([
        422,
        true,
      ]);
      expect((await send(bytes("not a table"))).status).to.equal(422);
      expect((await send(bytes(rows), { type: "text/plain" })).status).to.equal(415);
      expect((await send(bytes(rows), { name: "nobody" })).status).to.equal(404);
      expect(store.experiments.observations("lines").length).to.equal(before);
    });

    it("with a NUL in the key of a unit are dealt no arm", async () => {
      await locked(design({ name: "rule", assignment: "{ salt: rule }", columns: "{ unit: seller }" }), "rule");
      // In the first bytes it tells that the file is no text; beyond them a cell has it.
      const head = ["seller,kept", ...Array.from({ length: 30 }, (_, index) => `a${index},1`)].join("\n");
      for (const row of ["b\u0000c,1", "b\u0000,1", "\u0000,1", "\u0000b,1", "b,\u0000"]) {
        const text = `${head}\n${row}\nc,1\n`;
        const [found] = await refusalOf("experiment assign", { experiment: "rule", units: { file: "units.csv", text } });
        expect([found?.code, found?.place?.file, found?.place?.line], JSON.stringify(row)).to.deep.equal([
          "bad-observations",
          "units.csv",
          32,
        ]);
      }
      const [first] = await refusalOf("experiment assign", { experiment: "rule", units: { file: "units.csv", text: "seller\na\u0000\n" } });
      expect([first?.code, first?.place?.file]).to.deep.equal(["unreadable-file", "units.csv"]);
    });
  });

  it("a body of JSON that is no UTF-8 is refused where it is none", async () => {
    const head = Buffer.from('{"file":\n {"file": "d\uFFFD.yaml", "text": "title: caf');
    const response = await fetch(`${server.address}/api/experiments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new Uint8Array(Buffer.concat([head, Buffer.from([0xe9]), Buffer.from('"}}')])),
    });
    const { code, detail, diagnostics } = (await response.json()) as Readonly<Record<"code" | "detail", string>> & {
      diagnostics: readonly { line: number; column: number }[];
    };
    expect([response.status, code, detail]).to.deep.equal([400, "bad-json", "the body is not written in UTF-8 here"]);
    expect(diagnostics[0]).to.include({ line: 2, column: 41 });
  });
});
