/** Every link of every page leads somewhere: pages, parts of pages, files, scripts and styles, and where forms are sent. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Store } from "../../data/store/index.ts";
import { openLog, type RunningServer, startServer } from "../../server/http/index.ts";
import { perform, smallMarketplace, visitorOf } from "../server/small-marketplace.ts";

const design = `experiment: gold-line
title: A gentler line for gold
hypothesis: Sellers near the line stay longer.
unit: seller
arms:
  control: { share: 50 %, policy: seller-performance@1.0.0 }
  gentle: { share: 50 %, policy: seller-performance@2.0.0 }
assignment: { salt: gold-line }
columns: { unit: seller }
metrics:
  kept: { share: kept, role: primary, better: up, effect: 5 points, title: Still selling }
plan: { level: 95 %, power: 80 %, looks: once, units: 2000, start: 2025-03-03, weeks: 8 }
`;

/** Attributes that hold an address. `data-events` and the like are asked for by scripts. */
const attributes = /\s(href|src|action|formaction|data-table|data-answers|data-answer|data-events)="([^"]*)"/g;

const entitiesMost = 6;

interface Found {
  /** Where it stands. */
  readonly on: string;
  readonly address: string;
  readonly isSent: boolean;
  /** By a script, with the fields of a form: without them it may be refused, and must be there. */
  readonly isAsked: boolean;
}

describe("the links of a home", () => {
  let server: RunningServer;
  let store: Store;
  let remove: () => void;
  const browser = process.env["CHROMIUM"];

  before(async () => {
    const made = await smallMarketplace();
    ({ store, remove } = made);
    // Whether a link leads to a file, not what is drawn in it: the file of each of a hundred figures is made in no time.
    const stub = join(store.home, "browser");
    writeFileSync(
      stub,
      `#!/bin/sh\nfor word in "$@"; do case "$word" in --print-to-pdf=*|--screenshot=*) echo made > "\${word#*=}";; esac; done\n`,
    );
    chmodSync(stub, 0o755);
    process.env["CHROMIUM"] = stub;
    await perform(store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: ["seller-performance@1.1.0", "seller-performance@2.0.0"],
      criteria: { file: "criteria.txt", text: "programme: seller-performance\ncriteria:\n  - movers at most 3 %\n" },
      dataset: made.dataset,
      replicates: 100,
    });
    await perform(store, "dataset demo", { sellers: 20, weeks: 30, seed: 2 });
    server = await startServer({ store, host: "127.0.0.1", port: 0, log: openLog("silent"), notices: ["Something was put right."] });
    const { submit } = visitorOf(() => server.address);
    expect((await submit("/experiments", { text: design, history: "", do: "keep" })).status).to.equal(303);
    expect((await submit("/experiments/gold-line/lock", {})).status).to.equal(303);
    const rows = Array.from({ length: 400 }, (_, index) => `s${index},${index % 3 === 0 ? 0 : 1}`);
    const observations = ["seller,kept", ...rows].join("\n");
    expect((await submit("/experiments/gold-line/observations", { observations })).status).to.equal(303);
  });
  after(async () => {
    if (browser === undefined) delete process.env["CHROMIUM"];
    else process.env["CHROMIUM"] = browser;
    await server.close();
    remove();
  });

  it("all resolve, fragments included", async () => {
    const asked = new Map<string, { readonly status: number; readonly ids: ReadonlySet<string>; readonly isPage: boolean }>();
    const faults: string[] = [];
    let entities = 0;
    const waiting: Found[] = [{ on: "the start", address: "/", isSent: false, isAsked: false }];
    const seen = new Set<string>();
    for (let found = waiting.pop(); found !== undefined; found = waiting.pop()) {
      const { on, address, isSent, isAsked } = found;
      // Of entities a few: each is replayed for its page.
      if (address.includes("/entities/") && ++entities > entitiesMost) continue;
      const url = new URL(address, server.address + on.replace("the start", "/"));
      if (url.origin !== server.address) {
        faults.push(`${on}: ${address} leads elsewhere`);
        continue;
      }
      const path = url.pathname + url.search;
      const key = isSent ? `POST ${url.pathname}` : path;
      if (!asked.has(key)) {
        const answer = await ask(path, isSent);
        asked.set(key, answer);
        if (!isSent && answer.status < 400) waiting.push(...linksOf(answer.text, answer.at).filter((link) => !seen.has(keyOf(link))));
        for (const link of waiting) seen.add(keyOf(link));
      }
      const { status, ids, isPage } = asked.get(key) ?? { status: 0, ids: new Set<string>(), isPage: false };
      if (isAsked ? status === 404 : status >= 400) faults.push(`${on}: ${isSent ? "sends to " : ""}${address}: ${status}`);
      const fragment = decodeURIComponent(url.hash.slice(1));
      if (isPage && fragment !== "" && !ids.has(fragment)) faults.push(`${on}: ${address}: nothing there is called ${fragment}`);
    }
    expect(faults).to.deep.equal([]);
    const pages = [...asked.values()].filter(({ isPage }) => isPage).length;
    expect(pages, "pages").to.be.above(100);
    for (const kind of [
      "/policies/",
      "/datasets/",
      "/experiments/gold-line",
      "/statistics/",
      "/what-if?",
      "/entities/",
      "/figures/",
      "/tables/",
    ])
      expect(
        [...asked.keys()].some((path) => path.includes(kind)),
        kind,
      ).to.equal(true);
  });

  /** `at`: where it led to, redirects followed: what addresses on the page are seen from. */
  async function ask(path: string, isSent: boolean) {
    const response = await fetch(server.address + path, { method: isSent ? "OPTIONS" : "GET", headers: { accept: "text/html" } });
    const text = await response.text();
    const at = response.url.slice(server.address.length);
    if (isSent)
      return {
        status: response.headers.get("allow")?.includes("POST") === true ? 204 : 404,
        ids: new Set<string>(),
        isPage: false,
        text,
        at,
      };
    const isPage = response.headers.get("content-type")?.startsWith("text/html") === true && !response.headers.has("content-disposition");
    const ids = new Set([...text.matchAll(/\sid=(?:"([^"]*)"|([^\s">]+))/g)].map(([, quoted, bare = ""]) => plain(quoted ?? bare)));
    return { status: response.status, ids, isPage, text: isPage ? text : "", at };
  }
});

/** Where it leads, seen from the page that it stands on. */
function keyOf({ address, isSent, on }: Found): string {
  return `${new URL(address, `http://here${on}`).href} ${isSent}`;
}

/** Addresses on a page. A button's own address is sent the way of its own method, else of its form. */
function linksOf(html: string, on: string): readonly Found[] {
  return [...html.matchAll(/<[a-z][^>]*>/g)].flatMap(([tag]) =>
    [...tag.matchAll(attributes)].flatMap(([, name, value]) => {
      const address = plain(value);
      if (address === "" || address.startsWith("data:")) return [];
      const isSent = /\s(form)?method="post"/.test(tag) && (name === "action" || name === "formaction");
      return [{ on, address, isSent, isAsked: name !== "href" && name !== "src" }];
    }),
  );
}

function plain(text = ""): string {
  const signs: Readonly<Record<string, string>> = { "&amp;": "&", "&#x3D;": "=", "&quot;": '"', "&#x27;": "'", "&lt;": "<", "&gt;": ">" };
  return text.replace(/&(amp|quot|lt|gt|#x3D|#x27);/g, (sign) => signs[sign] ?? sign);
}
