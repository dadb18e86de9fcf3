/** A home whose titles, names, entities and values are in any language, very long, or look like code. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomStream } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { openHome } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { perform } from "./small-marketplace.ts";

/** Markup that must stay text, and words that pages must have room for. */
export const strange = {
  script: `<script>alert("1")</script><img src=x onerror=alert(2)>'&`,
  arabic: "متجر الأجهزة المنزلية والإلكترونيات الحديثة",
  japanese: "東京都港区の家電製品と生活雑貨の専門店舗",
  german: "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
  long: "endless".repeat(29).slice(0, 200),
  formula: `=HYPERLINK("http://example.com","x")`,
} as const;

const longName = "very_long_tier_name_".repeat(4).slice(0, 64);
const programme = "seller-performance";

function policy(version: string, line: number): string {
  const title = (words: string): string => JSON.stringify(words);
  return `programme: ${programme}
version: ${version}
title: ${title(`${strange.script} ${strange.arabic} ${strange.german}`)}
entity: seller
rationale: ${title(`${strange.script} ${strange.long} ${strange.japanese}`)} # ${strange.script}
parameters:
  line: { value: ${line} %, range: 1 % to 60 %, title: ${title(`${strange.german} ${strange.script}`)} }
metrics:
  late: { share: late of orders, over: 28 days, at_least: 4 orders, title: ${title(strange.long)} }
scores:
  fine: { from: late, curve: [0 % -> 100, 60 % -> 0], title: ${title(strange.arabic)} }
tiers:
  - good: { when: late <= line, title: ${title(`${strange.japanese} ${strange.script}`)} }
  - ${longName}: { when: late > line, adverse: true, title: ${title(strange.long)}, consequences: { traffic: x 0.5 } }
otherwise: unrated
movement: { evaluate: every week }
`;
}

/** Makes it. Forty-eight sellers over thirty weeks; the second version has another line. */
export async function strangeMarketplace(): Promise<{
  readonly store: Store;
  readonly dataset: string;
  readonly run: string;
  readonly remove: () => void;
  readonly entities: readonly string[];
}> {
  const { home, remove } = temporaryHome();
  const store = openHome(home);
  const words = Object.values(strange);
  const entities = Array.from(
    { length: 48 },
    (_, index) => `${words[index % words.length] ?? ""}${index < words.length ? "" : ` ${index}`}`,
  );
  const random = randomStream(7, "strange");
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = entities.flatMap((entity, place) =>
    Array.from({ length: 30 }, (_, week) => {
      const day = new Date(Date.UTC(2024, 0, 7 + 7 * week)).toISOString().slice(0, 10);
      const orders = 5 + Math.floor(10 * random.uniform());
      const late = Math.floor(orders * random.uniform() * (0.2 + place / 90));
      return [quoted(entity), day, orders, late, (orders * 21.5).toFixed(2), quoted(words[(place + 1) % words.length] ?? "")].join(",");
    }),
  );
  writeFileSync(
    join(home, "panel.csv"),
    ["seller_id,week_end,orders,late,gmv,kind", ...rows, `"${strange.formula.replaceAll('"', '""')}",2024-01-07,-1,0,0,x`].join("\n"),
  );
  const title = JSON.stringify(`${strange.script} ${strange.long} ${strange.arabic}`);
  writeFileSync(
    join(home, "strange.yaml"),
    `dataset: strange\ntitle: ${title}\nentity: seller\ngrain: week\nknown_at: 2024-08-01\nkey: [seller_id]\ncurrency: EUR\ngmv: gmv\norders: orders
source: ${title}
files:
  - path: panel.csv
    holds: panel
    period: week_end
    columns: { orders: { flow: count, title: ${title} }, late: { flow: count }, gmv: { flow: money }, kind: { attribute: text, title: ${title} } }\n`,
  );
  const { dataset } = await perform<{ dataset: { id: string } }>(store, "dataset import", { descriptor: join(home, "strange.yaml") });
  for (const [version, line] of [
    ["9.0.0", 20],
    ["9.1.0", 12],
  ] as const)
    await perform(store, "policy save", { file: { file: `${programme}/${version}.yaml`, text: policy(version, line) } });
  const { run } = await perform<{ run: { id: string } }>(store, "compare", {
    baseline: `${programme}@9.0.0`,
    candidates: [`${programme}@9.1.0`],
    dataset: dataset.id,
    replicates: 100,
  });
  const close = () => {
    store.close();
    return remove();
  };
  return { store, dataset: dataset.id, run: run.id, remove: close, entities };
}
