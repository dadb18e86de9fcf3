/** A home whose entities have the names that break pages: long, from right to left, markup, signs of addresses and of tables. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "../../data/store/index.ts";
import { openHome } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { perform } from "./small-marketplace.ts";

/** Each is one entity. The shares of late parcels rise with the position. */
export const entityNames = [
  "plain-1",
  "n".repeat(200),
  "متجر الأمل\u202e 42",
  '<script>alert("1")</script>',
  "a/b?c#d%20&e=f",
  '=1+1, quoted "twice"',
  "Zürich-Ångström",
] as const;

const weeks = ["2024-01-07", "2024-01-14", "2024-01-21", "2024-01-28", "2024-02-04", "2024-02-11", "2024-02-18", "2024-02-25"];

/** A version whose good tier asks for at most so many late. */
export function lateVersion(version: string, most: string): { readonly file: string; readonly text: string } {
  const text = `programme: shop
version: ${version}
title: Shop <b>promise</b>
entity: seller
rationale: One promise.
metrics:
  late_rate: { share: late of orders, over: 14 days, at_least: 10 orders, title: Late share }
tiers:
  - good: { when: late_rate <= ${most} }
  - poor: { when: late_rate is known, adverse: true }
otherwise: unrated
movement: { evaluate: every week, promote: { after: 2 evaluations }, demote: { after: 1 evaluation } }
`;
  return { file: `shop-${version}.yaml`, text };
}

/** Makes the home, imports the history, and compares two versions on it. */
export async function namedMarketplace(): Promise<{
  readonly store: Store;
  readonly run: string;
  readonly dataset: string;
  readonly remove: () => void;
}> {
  const { home, remove } = temporaryHome();
  const store = openHome(home);
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = entityNames.flatMap((name, place) =>
    weeks.map(
      (week, index) =>
        `${cell(name)},${week},${index === 3 ? 2 : 100},${index === 3 ? 0 : place * 3},${cell(place % 2 === 0 ? "North <i>Sea</i>" : "Süd")}`,
    ),
  );
  writeFileSync(join(home, "panel.csv"), `seller_id,week_end,orders,late,region\n${rows.join("\n")}\n`);
  writeFileSync(
    join(home, "shop.yaml"),
    "dataset: shop\nentity: seller\ngrain: week\nknown_at: 2024-02-25\nkey: [seller_id]\nfiles:\n  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count }, late: { flow: count }, region: { attribute: text } } }\n",
  );
  const imported = await perform<{ dataset: { id: string } }>(store, "dataset import", { descriptor: join(home, "shop.yaml") });
  const compared = await perform<{ run: { id: string } }>(store, "compare", {
    baseline: lateVersion("1.0.0", "10 %"),
    candidates: [lateVersion("2.0.0", "5 %")],
    dataset: imported.dataset.id,
    replicates: 100,
  });
  return {
    store,
    run: compared.run.id,
    dataset: imported.dataset.id,
    remove: () => {
      store.close();
      remove();
    },
  };
}
