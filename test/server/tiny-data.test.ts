/** Marketplaces of one, five and forty sellers: the report says that they are few, and makes no finding of shares that few bear. */
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { openHome, reportHtml, reportTables, resolveRun } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { perform } from "./small-marketplace.ts";

describe("the report of a tiny marketplace", () => {
  let store: Store;
  let remove: () => void;
  const pages = new Map<number, string>();

  before(async () => {
    const home = temporaryHome();
    store = openHome(home.home);
    remove = home.remove;
    for (const sellers of [1, 5, 40]) {
      const made = await perform<{ dataset: { id: string } }>(store, "dataset demo", { sellers, weeks: 52 });
      const answer = await perform<{ run: { id: string } }>(store, "compare", {
        baseline: "seller-performance@1.0.0",
        candidates: ["seller-performance@2.0.0"],
        dataset: made.dataset.id,
        replicates: 100,
      });
      const run = resolveRun(store, answer.run.id);
      pages.set(sellers, reportHtml(store, run, { mode: "method", standalone: true }));
      expect(reportTables(store, run), `${sellers} sellers`).not.to.match(/NaN|Infinity/);
    }
  });
  after(() => {
    store.close();
    remove();
  });

  const textOf = (sellers: number): string =>
    (pages.get(sellers) ?? "")
      .replace(/<(style|script)[\s\S]*?<\/\1>/g, "")
      .replace(/<[^>]+>/g, "|")
      .replaceAll("\u00a0", " ");
  const findings = (sellers: number): string =>
    [...(pages.get(sellers) ?? "").matchAll(/<h3[^>]*>([^<]*)/g)].map(([, title]) => title).join("\n");

  it("says how much one seller weighs", () => {
    expect(textOf(1)).to.include("Only 1 seller is in the frame: this page tells what happens to it, and nothing of other sellers.");
    expect(textOf(5)).to.match(/Only \d sellers are in the frame, so that one of them is 2\d\.\d points of every share: read counts/);
    expect(textOf(40)).to.match(/Only 3\d sellers are in the frame, so that one of them is 2\.\d points of every share: read intervals/);
  });

  it("holds nothing that is no number, and no count of one with a plural", () => {
    const faulty = [
      /NaN|Infinity|undefined|\[object|interval \./,
      /(?<![\d.,–−-])1 (sellers|entities|audits|weeks|movers|effective labels|rows|past moves|distinct scores|periods)\b/,
    ];
    for (const sellers of pages.keys()) {
      const found = faulty.flatMap((pattern) => textOf(sellers).match(new RegExp(`.{0,60}(?:${pattern.source}).{0,30}`, "g")) ?? []);
      expect(found, `${sellers} sellers`).to.deep.equal([]);
    }
  });

  it("makes no finding of the shares of few", () => {
    for (const sellers of [1, 5]) {
      expect(findings(sellers), `${sellers} sellers`).not.to.match(/However it is estimated|decides more than|Half of the stays|100.% of/);
      expect(findings(sellers), `${sellers} sellers`).to.match(/too few to say what the false-positive rate is/);
    }
    expect(findings(5))
      .to.match(/too few to say what decides it/)
      .and.match(/The \w+ tier \w+ most: \d of \d sellers/);
    expect(findings(40)).to.match(/too few to say which bears it|too few to say who bears it/);
    expect(textOf(1)).not.to.match(/\b1 of 1 \(100|1 seller of 1 \(|Outcomes are known for 100/);
  });
});
