/**
 * What import, replay and a comparison with all its studies take by the number of sellers, through the command line:
 * `npm run bench:growth [-- --sellers N ...] [--publish]`. Never a test: no time is asserted.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse, stringify } from "yaml";
import { prepareDemo } from "../../../data/datasets/index.ts";
import { openDuckDb, quoteText } from "../../../data/engines/index.ts";
import { present } from "../../../data/foundation/index.ts";
import { growth } from "../manifest.ts";
import { publish } from "../publish.ts";
import type { Took } from "./watched.ts";

/** What a command took: peaks of memory of its processes added up. */
interface Taken extends Took {
  readonly seconds: number;
}

/** A descriptor, as far as measures are added to it. */
interface Descriptor {
  readonly files: readonly { readonly holds: string; readonly columns: Record<string, unknown> }[];
}

const { values } = parseArgs({ options: { sellers: { type: "string", multiple: true }, publish: { type: "boolean" } } });
const sizes = values.sellers?.map(Number) ?? growth.sellers;
const say = (sentence: string): void => console.error(sentence);
const load = loadavg()[0] ?? 0;
const rows: string[] = [];
for (const sellers of sizes) rows.push(await rowOf(sellers));
const text = [
  `Measured on ${availableParallelism()} cores, load average ${load.toFixed(1)} before the start; Node ${process.versions.node}. ${growth.weeks} weeks, ${growth.measures} measures, ${growth.baseline} beside ${growth.candidate}.`,
  "",
  "| sellers | rows | import, s | CPU, s | memory | replay, s | CPU, s | memory | CPU a row, ns | comparison, s | CPU, s | memory | CPU a row and policy, ns |",
  `|${" ---: |".repeat(13)}`,
  ...rows,
].join("\n");
console.log(text);
if (values.publish === true) publish(text, { mark: "growth", script: "bench:growth" });

/** A marketplace of that many sellers in a home of its own, removed at the end. */
async function rowOf(sellers: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "counterweight-growth-"));
  try {
    say(`${sellers} sellers: living ${growth.weeks} weeks`);
    const descriptor = await historyIn(join(folder, "files"), sellers);
    const home = join(folder, "home");
    const { took: imported, json } = counterweight(home, ["dataset", "import", descriptor]);
    const { rows: count } = (JSON.parse(json) as { readonly dataset: { readonly rows: number } }).dataset;
    rmSync(join(folder, "files"), { recursive: true });
    const { took: replayed } = counterweight(home, ["replay", "--dataset", "demo-sellers", "--policy", growth.baseline]);
    const { took: compared } = counterweight(home, [
      "compare",
      "--dataset",
      "demo-sellers",
      "--baseline",
      growth.baseline,
      "--candidate",
      growth.candidate,
    ]);
    const taken = ({ seconds, cpuSeconds, megabytes }: Taken) =>
      `${seconds.toFixed(1)} | ${cpuSeconds.toFixed(1)} | ${megabytes.toLocaleString("en-GB")} MB`;
    const perRow = ({ cpuSeconds }: Taken, policies: number) => ((cpuSeconds * 1e9) / count / policies).toFixed(0);
    return `| ${sellers.toLocaleString("en-GB")} | ${count.toLocaleString("en-GB")} | ${taken(imported)} | ${taken(replayed)} | ${perRow(replayed, 1)} | ${taken(compared)} | ${perRow(compared, 2)} |`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The demo marketplace with measures that no policy reads, as many as make the panel that wide. */
async function historyIn(folder: string, sellers: number): Promise<string> {
  const { descriptorPath } = await prepareDemo({ kind: "seller", sellers, weeks: growth.weeks, seed: 1, workFolder: folder });
  const descriptor = parse(readFileSync(descriptorPath, "utf8")) as Descriptor;
  const { columns } = present(
    descriptor.files.find(({ holds }) => holds === "panel"),
    "a panel",
  );
  const flows = Object.values(columns).filter((column) => typeof column === "object" && column !== null && "flow" in column).length;
  const unread = Array.from({ length: growth.measures - flows }, (_, index) => `unread_${index + 1}`);
  for (const name of unread) columns[name] = { flow: "count" };
  writeFileSync(descriptorPath, stringify(descriptor));
  const panel = join(folder, "panel.parquet");
  const wide = join(folder, "wide.parquet");
  const db = await openDuckDb();
  const drawn = unread.map((name, index) => `(hash(seller_id, week_end, ${index}) % 100)::INTEGER AS ${name}`);
  await db.run(`COPY (SELECT *, ${drawn.join(", ")} FROM ${quoteText(panel)}) TO ${quoteText(wide)} (FORMAT parquet)`);
  db.close();
  renameSync(wide, panel);
  return descriptorPath;
}

/** A command in processes of its own: what it prints, and what they took together. */
function counterweight(home: string, command: readonly string[]): { readonly took: Taken; readonly json: string } {
  say(`  counterweight ${command[0]}`);
  const file = `${home}.took`;
  writeFileSync(file, "");
  const before = performance.now();
  const ran = spawnSync(process.execPath, [pathIn("../../../server/cli/main.js"), ...command, "--json"], {
    env: { ...process.env, COUNTERWEIGHT_HOME: home, COUNTERWEIGHT_TOOK: file, NODE_OPTIONS: `--import=${pathIn("./watched.js")}` },
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const seconds = (performance.now() - before) / 1e3;
  if (ran.status !== 0) throw new Error(`counterweight ${command.join(" ")} ended with ${ran.status}`);
  const processes = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Took);
  const sum = (name: keyof Took) => processes.reduce((all, took) => all + took[name], 0);
  const took = { seconds, cpuSeconds: sum("cpuSeconds"), megabytes: sum("megabytes") };
  say(`    ${took.seconds.toFixed(1)} s, ${took.cpuSeconds.toFixed(1)} s of CPU, ${took.megabytes} MB in ${processes.length} processes`);
  return { took, json: ran.stdout };
}

function pathIn(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
