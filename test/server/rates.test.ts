/** Rates of exchange through the doors: imported, shown, asked for by a policy, and said in an account. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { datasetContext } from "../../server/http/dataset-page.ts";
import { findOperation, openHome } from "../../server/operations/index.ts";
import { renderPage } from "../../views/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { contextOf, perform } from "./small-marketplace.ts";

const policy = `programme: priced
version: 1.0.0
title: Priced
entity: seller
rationale: A line in USD.
metrics:
  sales: { sum: gmv in USD, over: 1 period }
tiers:
  - top: { when: sales >= 45 USD }
  - rest: {}
movement:
  evaluate: every week
`;

describe("rates through the doors", () => {
  let store: Store;
  const temporary = temporaryHome();
  const file = join(temporary.home, "priced.yaml");

  before(async () => {
    const { home } = temporary;
    store = openHome(home);
    writeFileSync(join(home, "panel.csv"), "seller_id,week_end,gmv\na,2024-01-07,100\na,2024-01-14,200\n");
    writeFileSync(join(home, "rates.csv"), "date,from,to,rate\n2024-01-01,BRL,USD,0.2\n2024-01-14,BRL,USD,0.25\n");
    const files = [
      "{ path: panel.csv, holds: panel, period: week_end, columns: { gmv: { flow: money } } }",
      "{ path: rates.csv, holds: rates, date: date, from: from, to: to, rate: rate }",
    ];
    const head = "dataset: priced\nentity: seller\ngrain: week\ncurrency: BRL\nknown_at: 2024-01-14\nkey: [seller_id]\n";
    writeFileSync(join(home, "dataset.yaml"), `${head}files:\n${files.map((one) => `  - ${one}\n`).join("")}`);
    writeFileSync(file, policy);
    await perform(store, "dataset import", { descriptor: join(home, "dataset.yaml") });
  });
  after(() => {
    store.close();
    temporary.remove();
  });

  it("show on the dataset, as text and as a page", async () => {
    const show = present(findOperation("dataset show"), "an operation");
    const shown = await show.perform({ dataset: "priced" }, contextOf(store));
    expect(show.print(shown, { dataset: "priced" }, contextOf(store))).to.include("rates from BRL to USD: 2, of 2024-01-01 to 2024-01-14");
    const [record] = store.datasets.list();
    const page = renderPage("dataset", await datasetContext(present(record, "a dataset")));
    expect(page.replaceAll("\u00a0", " ")).to.include("Money in BRL. Rates to USD: 2, of ");
  });

  it("let a policy be checked, explained and refused", async () => {
    const check = async (policyFile: string) =>
      perform<{ diagnostics: readonly { code: string; severity: string }[] }>(store, "policy check", {
        files: [policyFile],
        dataset: "priced",
      });
    expect((await check(file)).diagnostics.filter(({ severity }) => severity === "error")).to.deep.equal([]);
    const explained = await perform<{ account: string }>(store, "explain", {
      policy: file,
      dataset: "priced",
      entity: "a",
      date: "2024-01-14",
    });
    expect(explained.account.replaceAll("\u00a0", " ")).to.include("Sales: 50.00 USD");
    const other = join(temporary.home, "other.yaml");
    writeFileSync(other, policy.replaceAll("USD", "EUR"));
    expect((await check(other)).diagnostics.map(({ code }) => code)).to.deep.equal(["no-rates"]);
  });
});
