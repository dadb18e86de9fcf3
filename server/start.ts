/** `npm start`: on a first start makes the demo marketplaces and runs the shipped policies over them; then serves. */
import { digestOfValue, formatDiagnostic, InputRefused, present } from "../data/foundation/index.ts";
import type { DatasetRecord, Store } from "../data/store/index.ts";
import { requirePort, serveUntilStopped } from "./http/index.ts";
import { processIdentity } from "./jobs/index.ts";
import {
  findOperation,
  type OperationContext,
  openHome,
  readSettings,
  recoverHome,
  resolveDataset,
  versionsThatFit,
} from "./operations/index.ts";

const demos = [
  { kind: "seller", sellers: 1500, weeks: 52, seed: 1 },
  { kind: "creator", sellers: 600, weeks: 52, seed: 1 },
] as const;

process.exitCode = await start();

/** Gives the exit code: 0 when it was told to stop, 1 when it cannot start, 3 for our bug. */
async function start(): Promise<number> {
  const { home, host, port, logLevel } = readSettings();
  try {
    await requirePort(host, port);
    const store = openHome(home);
    try {
      const notices = await recoverHome(store);
      for (const sentence of notices) say(sentence);
      const reports = await prepare(store);
      await serveUntilStopped({
        store,
        host,
        port,
        notices,
        logLevel,
        onListening: (address) => {
          for (const { title, path } of reports) process.stdout.write(`${title}: ${address}${path}\n`);
          process.stdout.write(`Counterweight serves ${address}\n`);
        },
      });
    } finally {
      store.close();
    }
    return 0;
  } catch (error) {
    if (error instanceof InputRefused) {
      for (const diagnostic of error.diagnostics) say(formatDiagnostic(diagnostic));
      return 1;
    }
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 3;
  }
}

/** Makes what is not there yet: marketplaces, replays of every shipped version that fits them, and the comparisons. What is stored is not computed again. */
async function prepare(store: Store): Promise<readonly { readonly title: string; readonly path: string }[]> {
  const reports: { title: string; path: string }[] = [];
  for (const demo of demos) {
    const made = (await runOnce(store, "dataset demo", demo)) as { readonly dataset: { readonly id: string } };
    const dataset = made.dataset.id;
    for (const { programme, versions } of programmesFor(resolveDataset(store, dataset))) {
      for (const version of versions) await runOnce(store, "replay", { policy: `${programme}@${version}`, dataset });
      const [baseline, ...candidates] = versions.map((version) => `${programme}@${version}`);
      if (baseline === undefined || candidates.length === 0) continue;
      const compared = (await runOnce(store, "compare", { baseline, candidates, dataset })) as { readonly run: { readonly id: string } };
      reports.push({
        title: `${programme}: ${versions.slice(1).join(", ")} against ${versions[0]}`,
        path: `/runs/${compared.run.id}/report`,
      });
    }
  }
  return reports;
}

async function runOnce(store: Store, name: string, input: unknown): Promise<unknown> {
  const operation = present(findOperation(name), name);
  const context: OperationContext = { store, reads: "any file", onProgress: () => undefined, doors: {} };
  const stored = operation.recall(input, context);
  if (stored !== undefined) return stored;
  say(operation.titleOf(input));
  const request = { operation: name, title: operation.titleOf(input), input, inputDigest: digestOfValue({ operation: name, input }) };
  const { id } = store.jobs.add({ ...request, owner: "command" });
  store.jobs.start(id, processIdentity());
  try {
    const result = await operation.perform(input, context);
    store.jobs.finish(id, { state: "done", result, link: operation.linkOf(result) });
    return result;
  } catch (error) {
    store.jobs.finish(id, { state: "failed", sentence: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

/** The shipped programmes that fit the dataset, with their versions, the one in force first. */
function programmesFor(dataset: DatasetRecord): readonly { readonly programme: string; readonly versions: readonly string[] }[] {
  const fitting = versionsThatFit(dataset);
  return [...new Set(fitting.map(({ programme }) => programme))].map((programme) => ({
    programme,
    versions: fitting.filter((entry) => entry.programme === programme).map(({ version }) => version),
  }));
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
