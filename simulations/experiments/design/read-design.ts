/** Design file (YAML) -> checked ExperimentDesign. Every fault is located. */
import type { Diagnostic, Place } from "../../../data/foundation/index.ts";
import {
  asMap,
  type DocumentNode,
  type Fields,
  fieldsOf,
  type MapNode,
  Problems,
  placeOf,
  readDocument,
  type TextNode,
} from "../../../policies/language/index.ts";
import { designShapes } from "./design-shapes.ts";
import { type Arm, type Assignment, clusterColumn, type ExperimentDesign, type ObservationColumns } from "./experiment-design.ts";
import { readAssignment } from "./read-assignment.ts";
import { readForecast } from "./read-forecast.ts";
import { readMetric } from "./read-metric.ts";
import { readPlan } from "./read-plan.ts";
import { oneOf, readNames, readShare } from "./read-values.ts";
import { refuseWindows } from "./read-window.ts";

/** A policy version that an arm names, with its place. */
export interface NamedPolicy {
  readonly reference: string;
  readonly place: Place;
}

/** What reading gives. `design` is absent when any diagnostic is an error. `policies`: as they are written; whoever knows the versions that there are looks them up. */
export interface ReadDesign {
  readonly design?: ExperimentDesign;
  readonly policies: readonly NamedPolicy[];
  readonly diagnostics: readonly Diagnostic[];
}

const armsMax = 10;

/** Addresses beside those of experiments. */
const reservedNames: readonly string[] = ["new", "calibration"];

/**
 * Reads the text of a design file; `file` names it in places.
 *
 * @example
 * readDesign({ text: "experiment: x", file: "x.yaml" }).diagnostics[0].message
 * // => "a design lacks 'title'"
 */
export function readDesign({ text, file }: { readonly text: string; readonly file: string }): ReadDesign {
  const problems = new Problems();
  const root = readDocument({ text, file, problems, what: "a design" })?.root;
  const design = root === undefined ? undefined : readRoot(fieldsOf(root, designShapes.design, "a design", problems), problems);
  const read = { policies: root === undefined ? [] : namedPolicies(root), diagnostics: problems.sorted() };
  return problems.stopped || design === undefined ? read : { design, ...read };
}

function namedPolicies(root: MapNode): readonly NamedPolicy[] {
  const arms = entriesOf(root).find(({ key }) => key.text === "arms")?.value;
  return entriesOf(arms).flatMap(({ value: arm }) =>
    entriesOf(arm).flatMap(({ key, value }) =>
      key.text === "policy" && value.kind === "text" ? [{ reference: value.text, place: placeOf(value) }] : [],
    ),
  );
}

function entriesOf(node: DocumentNode | undefined): MapNode["entries"] {
  return node?.kind === "map" ? node.entries : [];
}

function readRoot(fields: Fields, problems: Problems): ExperimentDesign | undefined {
  const name = readName(fields.text("experiment"), problems);
  const [title, hypothesis, unit] = ["title", "hypothesis", "unit"].map((key) => fields.text(key)?.text.trim() ?? "");
  const arms = readArms(fields.map("arms"), problems);
  const columns = readColumns(fields.map("columns"), problems);
  const assignment = readAssignment(fields.map("assignment"), { arms, columns }, problems);
  const metricsMap = fields.map("metrics");
  const metrics = (metricsMap?.entries ?? []).flatMap(({ key, value }) => readMetric(key, value, problems) ?? []);
  if (metricsMap !== undefined && !problems.stopped && !metrics.some(({ role }) => role === "primary")) {
    problems.add("missing-key", placeOf(metricsMap), {
      message: "no metric is primary: the decision has nothing to rest on",
      cure: "Give one metric 'role: primary'.",
    });
  }
  const segments = readNames(fields, "segments", problems);
  refuseColumns({ columns, assignment, segments }, fields, problems);
  const plan = readPlan(fields.map("plan"), { segments, assignment, arms }, problems);
  const numbered = fields.map("columns")?.entries.find(({ key }) => key.text === "numbered")?.value;
  if (numbered !== undefined && plan !== undefined && plan.start === undefined)
    problems.add("missing-key", placeOf(numbered), {
      message: "days are numbered from the plan's first day, and the plan does not say which that is",
      cure: "Write 'start: 2025-03-03' or the like in 'plan'.",
    });
  refuseWindows({ metrics, columns, assignment, weeks: plan?.weeks }, metricsMap, problems);
  const forecast = readForecast(fields.text("forecast"), arms, problems);
  if (name === undefined || assignment === undefined || columns === undefined || plan === undefined) return undefined;
  const [control] = arms;
  if (control === undefined) return undefined;
  return {
    name,
    title: title ?? "",
    hypothesis: hypothesis ?? "",
    unit: unit ?? "",
    arms,
    assignment,
    columns,
    metrics,
    segments,
    ...plan,
    ...(forecast === undefined ? {} : { forecast }),
  };
}

/** Segments and clusters that no two units share, or that are the arms themselves. */
function refuseColumns(
  {
    columns,
    assignment,
    segments,
  }: {
    readonly columns: ObservationColumns | undefined;
    readonly assignment: Assignment | undefined;
    readonly segments: readonly string[];
  },
  fields: Fields,
  problems: Problems,
): void {
  if (columns === undefined) return;
  const refuse = (key: "segments" | "assignment", column: string, message: string, cure: string): void => {
    const value = fields.entry(key)?.value;
    problems.add("bad-form", value === undefined ? fields.place : placeOf(value), { message, found: column, cure });
  };
  const { unit, arm } = columns;
  if (segments.includes(unit))
    refuse(
      "segments",
      unit,
      `'${unit}' is the unit's column: every unit would be a segment of its own`,
      "Name a column that many units share.",
    );
  if (arm !== undefined && segments.includes(arm))
    refuse(
      "segments",
      arm,
      `'${arm}' is the arm's column: no segment would have two arms`,
      "Name a column that does not depend on the arm.",
    );
  if (assignment !== undefined && clusterColumn({ assignment }) === unit)
    refuse(
      "assignment",
      unit,
      `'${unit}' is the unit's column: every unit would be a cluster of its own`,
      "Leave 'cluster' out: units are dealt one by one.",
    );
}

function readName(node: TextNode | undefined, problems: Problems): string | undefined {
  if (node === undefined) return undefined;
  if (reservedNames.includes(node.text)) {
    problems.add("bad-form", placeOf(node), {
      message: `'${node.text}' is the address of a page of its own`,
      found: node.text,
      cure: "Choose another name.",
    });
    return undefined;
  }
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(node.text)) return node.text;
  problems.add("bad-form", placeOf(node), {
    message: "an experiment's name has lower-case letters, digits and hyphens, at most 64",
    found: node.text.slice(0, 80),
    expected: "gold-line-2",
    cure: "Write it like 'gold-line-2'.",
  });
  return undefined;
}

function readArms(map: MapNode | undefined, problems: Problems): readonly Arm[] {
  if (map === undefined) return [];
  const arms = map.entries.flatMap(({ key, value }): Arm[] => {
    if (value.kind === "text") {
      const share = readShare(value, problems, "50 %");
      return share === undefined ? [] : [{ name: key.text, share }];
    }
    const inner = asMap(value, problems, `the arm '${key.text}'`);
    if (inner === undefined) return [];
    const fields = fieldsOf(inner, designShapes.arm, `the arm '${key.text}'`, problems);
    const share = readShare(fields.text("share"), problems, "50 %");
    const policy = fields.text("policy")?.text;
    return share === undefined ? [] : [{ name: key.text, share, ...(policy === undefined ? {} : { policy }) }];
  });
  const total = arms.reduce((sum, { share }) => sum + share, 0);
  const fault = (message: string, cure: string): void => problems.add("out-of-range", placeOf(map), { message, cure });
  if (problems.stopped) return arms;
  if (arms.length < 2 || arms.length > armsMax)
    fault(`an experiment has 2 to ${armsMax} arms, this one has ${arms.length}`, "List the control first.");
  else if (Math.abs(total - 1) > 1e-9)
    fault(`the shares of the arms add up to ${Number((100 * total).toPrecision(6))} %`, "Let them add up to 100 %.");
  else if (arms.some(({ name }) => name.trim() !== name || name === ""))
    fault("an arm has no name, or one with spaces around it", "Name every arm by a word.");
  else if (arms.some(({ share }) => share <= 0)) fault("an arm has no share", "Give every arm a share above 0 %, or remove it.");
  return arms;
}

function readColumns(map: MapNode | undefined, problems: Problems): ObservationColumns | undefined {
  if (map === undefined) return undefined;
  const fields = fieldsOf(map, designShapes.columns, "the columns", problems);
  const unit = fields.text("unit")?.text;
  if (unit === undefined) return undefined;
  const named = (key: "arm" | "day" | "exposed" | "until"): Partial<ObservationColumns> => {
    const node = fields.text(key);
    if (node?.text === unit) {
      problems.add("bad-form", placeOf(node), {
        message: `'${unit}' is the unit's column already`,
        cure: "Name the column that holds it.",
      });
    }
    return node === undefined ? {} : { [key]: node.text };
  };
  const numbered = oneOf(fields.text("numbered"), ["from 0", "from 1"], problems);
  return {
    unit,
    ...named("arm"),
    ...named("day"),
    ...named("exposed"),
    ...named("until"),
    ...(numbered === undefined ? {} : { daysFrom: numbered === "from 0" ? 0 : 1 }),
  };
}
