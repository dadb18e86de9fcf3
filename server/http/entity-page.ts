/** What the page of an entity is told: score and tier over time under each version of a run. */
import { diagnose, formatDay, formatPeriod, InputRefused, lastDayOf, present } from "../../data/foundation/index.ts";
import { openPanel, type PanelSchema } from "../../data/panel/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import type { EntityHistory, WalkedRow } from "../../policies/explain/index.ts";
import { type PeerValues, type Policy, tierNames } from "../../policies/language/index.ts";
import { gatherPeers } from "../../simulations/replay/index.ts";
import type { EntityVersion, PageContexts } from "../../views/index.ts";
import { findEntity, onSoundDataset, provenanceOf, type RunPolicy, rangeOfRun } from "../operations/index.ts";
import { eventsOf, metricsOf, restoresOf, type VersionCourse } from "./entity-course.ts";
import { runSummary } from "./page-lists.ts";

type Evaluator = typeof import("../../policies/explain/index.ts");

/** The slow evaluator takes a second to load: a start does not wait for it. */
export async function loadEvaluator(): Promise<Evaluator> {
  return await import("../../policies/explain/index.ts");
}

/** What is read of the home for one entity of a run. */
export interface OpenEntity {
  readonly run: RunRecord;
  readonly schema: PanelSchema;
  readonly name: string;
  readonly history: EntityHistory;
  readonly entries: readonly RunPolicy[];
  /** What ranks and ratios of each compare with. */
  readonly peers: readonly (PeerValues | undefined)[];
  readonly from: number;
  readonly to: number;
}

/** Finds the entity in the dataset of a comparison. @throws InputRefused `unknown-entity`. */
export async function openEntity(store: Store, run: RunRecord, name: string): Promise<OpenEntity> {
  const dataset = present(store.datasets.find(run.datasetId)[0], `dataset ${run.datasetId}`);
  const { schema } = dataset.manifest;
  const range = rangeOfRun(run, schema);
  const entries = provenanceOf(run).policies;
  const { found, peers } = await onSoundDataset(dataset, async () => {
    const panel = openPanel(dataset.folder);
    const own = await findEntity(panel, name);
    return {
      found: own,
      peers:
        own === undefined
          ? []
          : gatherPeers(
              panel,
              entries.map(({ policy }) => policy),
              range.to,
            ),
    };
  });
  if (found === undefined) {
    throw new InputRefused([diagnose("unknown-entity", { message: `${dataset.id} has no ${schema.entity} '${name}'`, found: name })]);
  }
  return { run, schema, ...found, entries, peers, ...range };
}

/** The page of one entity of a comparison. @throws InputRefused `unknown-entity`. */
export async function entityContext(store: Store, run: RunRecord, asked: string): Promise<PageContexts["entity"]> {
  const { schema, name, history, entries, peers, ...range } = await openEntity(store, run, asked);
  const evaluator = await loadEvaluator();
  const baseline = entries.findIndex(({ role }) => role === "baseline");
  // Each version is walked once, for all that is said of it.
  const followed = entries.map(({ policy }, index) => {
    const own = peers[index];
    const given = own === undefined ? {} : { peers: own };
    return { policy, peers: own, walked: evaluator.walkEvaluations(policy, schema, history, { to: range.to, ...given }) };
  });
  const against = present(followed[baseline], "the baseline");
  const versions = entries.map((entry, index) => {
    const own = present(followed[index], "a version that was walked");
    return versionOf(entry, schema, history, { ...range, own, against }, evaluator);
  });
  const heldBefore = versions[baseline]?.version.rows.at(-1)?.held;
  return {
    notices: [],
    run: runSummary(store, run),
    entity: name,
    entityKind: schema.entity,
    grain: schema.grain,
    attributes: attributesOf(schema, history),
    versions: versions.map(({ version }, index) => {
      const { policy } = present(entries[index], "policy");
      const held = version.rows.at(-1)?.held;
      const { walked } = present(followed[index], "a version that was walked");
      const setting = { policy, schema, history, to: range.to, heldBefore, walked };
      return { ...version, restores: held === undefined ? [] : restoresOf({ ...setting, held }, evaluator) };
    }),
    metrics: metricsOf(
      schema,
      versions.map(({ course }) => course),
    ),
    events: eventsOf(schema, history, lastDayOf(schema.grain, range.to)),
  };
}

/** A version, what it compares with, and its evaluations of the entity. */
interface Followed {
  readonly policy: Policy;
  readonly peers: PeerValues | undefined;
  readonly walked: readonly WalkedRow[];
}

interface VersionSetting {
  readonly from: number;
  readonly to: number;
  readonly own: Followed;
  /** The baseline, that a candidate is set against. */
  readonly against: Followed;
}

/** A version as the page shows it, with what it measured beside. */
interface ShownVersion {
  readonly version: Omit<EntityVersion, "restores">;
  readonly course: VersionCourse;
}

function versionOf(
  { role, policy }: RunPolicy,
  schema: PanelSchema,
  history: EntityHistory,
  { from, to, own: { peers: gathered, walked }, against }: VersionSetting,
  { accountOf, evaluateEntity, explainDifference, explainEntity, metricCourses }: Evaluator,
): ShownVersion {
  const names = tierNames(policy);
  const given = gathered === undefined ? { walked } : { walked, peers: gathered };
  const rows = evaluateEntity(policy, schema, history, { to, ...given }).filter(({ period }) => period >= from);
  const last = rows.findLast(({ evaluated }) => evaluated) ?? rows.at(-1);
  const day = last === undefined ? undefined : lastDayOf(schema.grain, last.period);
  const both = {
    ...(against.peers === undefined ? {} : { a: against.peers }),
    ...(gathered === undefined ? {} : { b: gathered }),
  };
  const isSame = role === "baseline" || day === undefined;
  const walks = { a: against.walked, b: walked };
  const difference = isSame ? "" : explainDifference(against.policy, policy, schema, history, day, both, walks).text;
  return {
    version: {
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
      account: day === undefined ? "" : accountOf(explainEntity(policy, schema, history, day, given)),
      difference,
      hasLetter: rows.some(({ merited }) => merited >= 0),
    },
    course: { version: policy.version, role, courses: metricCourses(policy, schema, history, { from, to, ...given }) },
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
