/** `dataset connect`: a history that lies in a connection's tables, known here without its rows. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Trino } from "../../data/engines/index.ts";
import { diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import type { DatasetManifest } from "../../data/panel/index.ts";
import type { Store } from "../../data/store/index.ts";
import { connectedManifest } from "./connected-dataset.ts";
import { askOver, ownDatasetOf, refuseFault, requireLaidDataset } from "./connection-fitness.ts";
import { connectionNameShape } from "./connection-shape.ts";
import { readConnection } from "./connections.ts";
import { defineOperation } from "./operation.ts";
import { askShardStarts, overOwnTables } from "./own-dataset.ts";
import { ownedPrefix } from "./owned-folders.ts";
import { datasetJson, datasetShape } from "./shapes.ts";

export const datasetConnect = defineOperation({
  name: "dataset connect",
  summary: "Makes the history in a connection's tables known here, without its rows: replays run where they lie.",
  input: z.strictObject({ connection: connectionNameShape }),
  output: datasetShape.extend({ reused: z.boolean().describe("True when it was known here already, with rows or without") }),
  isLong: true,
  command: { arguments: ["connection"] },
  route: { method: "post", path: "/api/connections/{connection}/dataset" },
  title: ({ connection }) => `Connect the dataset of ${connection}`,
  admit: ({ connection }, { store }) => void readConnection(store.home, connection, []),
  perform: async ({ connection: name }, { store, onProgress, heedStop }) => {
    const connection = readConnection(store.home, name, ["counterweight", "connect"]);
    const trino = new Trino(connection.trino);
    const signal = heedStop?.();
    try {
      onProgress({ stage: "Testing the connection and reading its tables", done: 0, total: 1 });
      const laid = await requireLaidDataset(connection, { signal });
      const own = await ownDatasetOf(connection, laid.own);
      const plainly = askOver(trino, { signal });
      const told = own === undefined ? (sql: string) => plainly({ sql, parameters: [] }) : overOwnTables(own, plainly);
      const { outcomes, assignedTiers } = laid.described.schema;
      const statements = [own !== undefined, outcomes.length > 0, own === undefined && outcomes.length > 0 && assignedTiers.length > 0];
      const total = 3 + statements.filter(Boolean).length;
      let asked = 0;
      const ask = (sql: string) => {
        onProgress({ stage: "Asking the tables", done: asked++, total });
        return told(sql);
      };
      const manifest = await connectedManifest(ask, laid, name);
      return registerConnected(store, own === undefined ? manifest : { ...manifest, shardStarts: await askShardStarts(ask, laid.shards) });
    } catch (error) {
      if (signal?.aborted === true) throw new InputRefused([diagnose("interrupted", { message: `asking '${name}' was called off` })]);
      return refuseFault(connection, error);
    }
  },
  link: ({ dataset }) => `/datasets/${dataset.id}`,
  print: ({ dataset, reused }, { connection }) =>
    [
      `${dataset.title}: ${reused ? "known here already" : "known here"} as ${dataset.id}`,
      `${dataset.entities} entities, ${dataset.rows} rows, ${dataset.periods.count} periods (${dataset.periods.grain}) from ${dataset.periods.from} to ${dataset.periods.to}`,
      `To replay it where it lies: counterweight replay --dataset ${dataset.id} --engine ${connection} --policy ..`,
    ].join("\n"),
});

/** The same content is one dataset, whatever its tables call it: what is known of it already stands, but for the connection that it lies in. */
export function registerConnected(store: Store, manifest: DatasetManifest) {
  const withDigest = () => store.datasets.list().find(({ digest }) => digest === manifest.digest);
  const known = withDigest();
  const isElsewhere = known?.id === manifest.id && known.manifest.liesIn !== undefined;
  if (known === undefined || isElsewhere) store.datasets.register(manifest, writeManifest(store.home, manifest));
  return { ...datasetJson(present(withDigest(), "a dataset")), reused: known !== undefined };
}

/** Whole or not at all: a folder without a manifest is taken for what an import left. */
function writeManifest(home: string, manifest: DatasetManifest): string {
  const [folder, work] = [join(home, "datasets", manifest.id), join(home, "work")];
  for (const parent of [dirname(folder), work]) mkdirSync(parent, { recursive: true });
  const part = mkdtempSync(join(work, ownedPrefix("connecting")));
  writeFileSync(join(part, "dataset.json"), JSON.stringify(manifest));
  if (existsSync(folder)) {
    renameSync(join(part, "dataset.json"), join(folder, "dataset.json"));
    rmSync(part, { recursive: true });
  } else renameSync(part, folder);
  return folder;
}
