/** The page of a replay against a baseline, and the list of them. */
import { present } from "../../data/foundation/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { type PageContexts, type PairedSummary, pairedBearers, pairedErrors, pairedSales, pairedSentence } from "../../views/index.ts";
import { nameBeside, provenanceOf, storedPairedFacts } from "../operations/index.ts";
import { minuteOf } from "./page-lists.ts";

const pairedShown = 20;

/** What the page of the run shows; undefined where it was no replay against a baseline. */
export function pairedContext(store: Store, run: RunRecord): PageContexts["paired-replay"] | undefined {
  const facts = storedPairedFacts(store, run);
  if (facts === undefined) return undefined;
  const { movement, entity, grain, baseline, candidate } = facts;
  const [sales, bearers, errors] = [pairedSales(facts), pairedBearers(facts), pairedErrors(facts)];
  const { at, rows, columns, matrix, movers, intoUnrated, outOfUnrated, inFrame } = movement;
  return {
    notices: [],
    run: pairedSummary(store, run),
    said: pairedSentence(facts),
    matrix: { entity, grain, baseline, candidate, movement: { at, rows, columns, matrix, movers, intoUnrated, outOfUnrated, inFrame } },
    ...(sales === undefined ? {} : { sales }),
    ...(bearers === undefined ? {} : { bearers }),
    ...(errors === undefined ? {} : { errors }),
    command: provenanceOf(run).command,
  };
}

/** The latest, and how many more there are. */
export function pairedList(store: Store): Pick<PageContexts["runs"], "paired" | "morePaired"> {
  const { latest, all } = store.runs.paired(pairedShown);
  return { paired: latest.map((run) => pairedSummary(store, run)), morePaired: all - latest.length };
}

function pairedSummary(store: Store, run: RunRecord): PairedSummary {
  const [baseline, candidate] = (["baseline", "candidate"] as const).map(
    (role) =>
      present(
        provenanceOf(run).policies.find((policy) => policy.role === role),
        role,
      ).policy,
  );
  const [before, after] = [present(baseline, "baseline"), present(candidate, "candidate")];
  const dataset = present(store.datasets.find(run.datasetId)[0], `dataset ${run.datasetId}`);
  const { from, to, engine } = run.inputs as Record<"from" | "to" | "engine", string>;
  return {
    id: run.id,
    programme: after.programme,
    baseline: nameBeside(before, after),
    candidate: after.version,
    dataset: { id: dataset.id, title: dataset.manifest.title },
    from,
    to,
    engine,
    createdAt: minuteOf(run.createdAt),
  };
}
