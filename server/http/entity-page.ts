/** What the page of an entity is told: score and tier over time under each version of a run. */
import { diagnose, formatDay, formatPeriod, InputRefused, lastDayOf, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { openPanel, type PanelSchema } from "../../data/panel/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import type { EntityHistory } from "../../policies/explain/index.ts";
import { tierNames } from "../../policies/language/index.ts";
import type { EntityVersion, PageContexts } from "../../views/index.ts";
import { findEntity, onSoundDataset, provenanceOf, type RunPolicy } from "../operations/index.ts";
import { runSummary } from "./page-lists.ts";

type Evaluator = typeof import("../../policies/explain/index.ts");

/** The slow evaluator takes a second to load: a start does not wait for it. */
export async function loadEvaluator(): Promise<Evaluator> {
  return await import("../../policies/explain/index.ts");
}

/** The page of one entity of a comparison. @throws InputRefused `unknown-entity`. */
export async function entityContext(store: Store, run: RunRecord, name: string): Promise<PageContexts["entity"]> {
  const dataset = present(store.datasets.find(run.datasetId)[0], `dataset ${run.datasetId}`);
  const { schema } = dataset.manifest;
  const found = await onSoundDataset(dataset, async () => await findEntity(openPanel(dataset.folder), name));
  if (found === undefined) {
    throw new InputRefused([diagnose("unknown-entity", { message: `${dataset.id} has no ${schema.entity} '${name}'`, found: name })]);
  }
  const evaluator = await loadEvaluator();
  const range = { from: periodOfInput(schema, run, "from"), to: periodOfInput(schema, run, "to") };
  return {
    notices: [],
    run: runSummary(store, run),
    entity: found.name,
    entityKind: schema.entity,
    grain: schema.grain,
    attributes: attributesOf(schema, found.history),
    versions: provenanceOf(run).policies.map((entry) => versionOf(entry, schema, found.history, range, evaluator)),
  };
}

function versionOf(
  { role, policy }: RunPolicy,
  schema: PanelSchema,
  history: EntityHistory,
  range: { readonly from: number; readonly to: number },
  { accountOf, evaluateEntity, explainEntity }: Evaluator,
): EntityVersion {
  const names = tierNames(policy);
  const rows = evaluateEntity(policy, schema, history, { to: range.to }).filter(({ period }) => period >= range.from);
  const last = rows.findLast(({ evaluated }) => evaluated) ?? rows.at(-1);
  return {
    version: policy.version,
    role,
    tiers: [
      ...policy.tiers.map(({ name, adverse }) => ({ name, adverse, unrated: false })),
      ...(policy.otherwise === undefined ? [] : [{ name: policy.otherwise, adverse: false, unrated: true }]),
    ],
    rows: rows.map(({ period, score, held, merited, evaluated }) => ({
      period: formatPeriod(schema.grain, period),
      held: present(names[held], "held tier"),
      merited: names[merited] ?? "",
      evaluated,
      ...(score === undefined ? {} : { score }),
    })),
    account: last === undefined ? "" : accountOf(explainEntity(policy, schema, history, lastDayOf(schema.grain, last.period))),
  };
}

/** The attributes of the latest row, in the order of the schema; those without a value are left out. */
function attributesOf(schema: PanelSchema, history: EntityHistory): PageContexts["entity"]["attributes"] {
  const latest = history.rows.at(-1)?.attributes ?? {};
  return schema.attributes.flatMap(({ name, type, title }) => {
    const value = latest[name];
    if (value === undefined) return [];
    return [{ name: title, value: type === "day" && typeof value === "number" ? formatDay(value) : String(value) }];
  });
}

function periodOfInput(schema: PanelSchema, run: RunRecord, side: "from" | "to"): number {
  return periodOf(schema.grain, present(parseDay(String(run.inputs[side])), `${side} of run ${run.id}`));
}
