/** Rows that an import left out, and rows that an importer set aside: listed apart, and found where the diagnostics say. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { findOperation, openHome } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { contextOf, perform } from "./small-marketplace.ts";

interface Imported {
  readonly dataset: { readonly id: string };
  readonly rejected: unknown;
  readonly setAside: unknown;
  readonly diagnostics: readonly { readonly code: string; readonly cure: string }[];
}

interface Listed {
  readonly rows: number;
  readonly setAside: number;
  readonly listed: readonly Record<string, unknown>[];
}

describe("rows that are not in a dataset", () => {
  let store: Store;
  let imported: Imported;
  const temporary = temporaryHome();

  before(async () => {
    const { home } = temporary;
    store = openHome(home);
    writeFileSync(join(home, "panel.csv"), "seller_id,week_end,orders\na,2024-01-07,1\nb,2024-01-07,-1\n");
    writeFileSync(
      join(home, "aside.csv"),
      "file,line,code,reason\nraw.csv,3,source-rows-unmatched,no such order\nraw.csv,4,source-rows-unmatched,none\n",
    );
    const columns = "columns: { orders: { flow: count } }";
    const descriptor = `dataset: shop\nentity: seller\ngrain: week\nknown_at: 2024-01-07\nkey: [seller_id]\nset_aside: aside.csv
files:\n  - { path: panel.csv, holds: panel, period: week_end, ${columns} }\n`;
    writeFileSync(join(home, "shop.yaml"), descriptor);
    imported = await perform<Imported>(store, "dataset import", { descriptor: join(home, "shop.yaml") });
  });
  after(() => {
    store.close();
    temporary.remove();
  });

  it("are counted apart", () => {
    expect(imported.rejected).to.deep.equal({ rows: 1, reasons: [{ code: "negative-value", count: 1 }] });
    expect(imported.setAside).to.deep.equal({ rows: 2, reasons: [{ code: "source-rows-unmatched", count: 2 }] });
  });

  it("are listed apart", async () => {
    const rejected = await perform<Listed>(store, "dataset rejected", { dataset: "shop", list: "rejected", offset: 0, limit: 10 });
    expect([rejected.rows, rejected.setAside, rejected.listed.length]).to.deep.equal([1, 2, 1]);
    expect(rejected.listed[0]).to.include({ file: "panel.csv", line: 3, code: "negative-value" });
    const setAside = await perform<Listed>(store, "dataset rejected", { dataset: "shop", list: "set-aside", offset: 1, limit: 10 });
    expect(setAside.rows).to.equal(2);
    expect(setAside.listed).to.deep.equal([{ file: "raw.csv", line: 4, code: "source-rows-unmatched", reason: "none" }]);
  });

  it("are where the cures say, also when the import is over", () => {
    const cures = imported.diagnostics.map(({ code, cure }) => [code, /^Read (\S+) in (.+)\.$/.exec(cure)] as const);
    expect(cures.map(([code]) => code)).to.deep.equal(["rows-rejected", "rows-set-aside"]);
    for (const [code, match] of cures) expect(existsSync(join(match?.[2] ?? "", match?.[1] ?? "")), code).to.equal(true);
  });

  it("say in words how to see the other list", () => {
    const operation = present(findOperation("dataset rejected"), "operation");
    const output = { rows: 1, setAside: 2, listed: [] };
    const words = operation.print(output, { dataset: "shop", list: "rejected" }, contextOf(store));
    expect(words).to.include("counterweight dataset rejected shop --list set-aside");
  });
});
