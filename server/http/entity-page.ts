/** What the page of an entity is told: score and tier over time under each version of a run. */
import { diagnose, formatDay, formatPeriod, InputRefused, lastDayOf, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { openPanel, type PanelSchema } from "../../data/panel/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import type { EntityHistory } from "../../policies/explain/index.ts";
import { type PeerValues, type Policy, tierNames } from "../../policies/language/index.ts";
import { gatherPeers } from "../../simulations/replay/index.ts";
import type { EntityVersion, PageContexts } from "../../views/index.ts";
import type { AnswerQuestion, Question } from "../jobs/index.ts";
import { atHome, findEntity, onSoundDataset, provenanceOf, type RunPolicy, resolveRun } from "../operations/index.ts";
import { runSummary } from "./page-lists.ts";

type Evaluator = typeof import("../../policies/explain/index.ts");

/** Whose page is asked for. */
interface EntityErrand {
  readonly home: string;
  readonly run: string;
  readonly entity: string;
}

/** The question that gives what the page shows: it takes seconds on a large history. */
export function entityQuestion({ home }: Store, { id: run }: RunRecord, entity: string): Question {
  return { module: import.meta.url, argument: { home, run, entity } satisfies EntityErrand };
}

/** Answers it. @public Called by a thread of the pool, which knows this module by its address only. */
export const answerQuestion: AnswerQuestion = async (argument) => {
  const { home, run, entity } = argument as EntityErrand;
  return await atHome(home, async (store) => await entityContext(store, resolveRun(store, run), entity));
};

/** The slow evaluator takes a second to load: a start does not wait for it. */
async function loadEvaluator(): Promise<Evaluator> {
  return await import("../../policies/explain/index.ts");
}

/** The page of one entity of a comparison. @throws InputRefused `unknown-entity`. */
async function entityContext(store: Store, run: RunRecord, name: string): Promise<PageContexts["entity"]> {
  const dataset = present(store.datasets.find(run.datasetId)[0], `dataset ${run.datasetId}`);
  const { schema } = dataset.manifest;
  const range = { from: periodOfInput(schema, run, "from"), to: periodOfInput(schema, run, "to") };
  const entries = provenanceOf(run).policies;
  const policies = entries.map(({ policy }) => policy);
  const { found, peers } = await onSoundDataset(dataset, async () => {
    const panel = openPanel(dataset.folder);
    return { found: await findEntity(panel, name), peers: gatherPeers(panel, policies, range.to) };
  });
  if (found === undefined) {
    throw new InputRefused([diagnose("unknown-entity", { message: `${dataset.id} has no ${schema.entity} '${name}'`, found: name })]);
  }
  const evaluator = await loadEvaluator();
  const baseline = entries.findIndex(({ role }) => role === "baseline");
  const against = { policy: present(entries[baseline], "the baseline").policy, peers: peers[baseline] };
  return {
    notices: [],
    run: runSummary(store, run),
    entity: found.name,
    entityKind: schema.entity,
    grain: schema.grain,
    attributes: attributesOf(schema, found.history),
    versions: entries.map((entry, index) => versionOf(entry, schema, found.history, { ...range, peers: peers[index], against }, evaluator)),
  };
}

interface VersionSetting {
  readonly from: number;
  readonly to: number;
  readonly peers: PeerValues | undefined;
  /** The baseline, that a candidate is set against. */
  readonly against: { readonly policy: Policy; readonly peers: PeerValues | undefined };
}

function versionOf(
  { role, policy }: RunPolicy,
  schema: PanelSchema,
  history: EntityHistory,
  { from, to, peers: gathered, against }: VersionSetting,
  { accountOf, evaluateEntity, explainDifference, explainEntity }: Evaluator,
): EntityVersion {
  const names = tierNames(policy);
  const peers = gathered === undefined ? {} : { peers: gathered };
  const rows = evaluateEntity(policy, schema, history, { to, ...peers }).filter(({ period }) => period >= from);
  const last = rows.findLast(({ evaluated }) => evaluated) ?? rows.at(-1);
  const day = last === undefined ? undefined : lastDayOf(schema.grain, last.period);
  const both = {
    ...(against.peers === undefined ? {} : { a: against.peers }),
    ...(gathered === undefined ? {} : { b: gathered }),
  };
  const isSame = role === "baseline" || day === undefined;
  const difference = isSame ? "" : explainDifference(against.policy, policy, schema, history, day, both).text;
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
    account: day === undefined ? "" : accountOf(explainEntity(policy, schema, history, day, peers)),
    difference,
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
