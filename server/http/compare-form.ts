/** The form for a new comparison: what it shows, and what it sends. */
import { type Diagnostic, limits } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import type { FormProblem, PageContexts } from "../../views/index.ts";
import { type ComparisonEstimate, criteriaLinesName } from "../operations/index.ts";
import { builderParts, estimateParts, many, one, segmentsTyped, type Typed } from "./compare-builder.ts";
import { datasetSummary, fittingReferences, inForceVersion, listedVersions, offeredProgrammes, rowsHereFirst } from "./page-lists.ts";

/**
 * The form, filled in with what was typed; at first with the first dataset (where a version is named, the first that it fits) and, of a
 * programme that fits it, the version in force and the one that follows. Offered is what fits a dataset of the home, and what was typed.
 */
export function compareFormContext(
  store: Store,
  typed: Typed,
  diagnostics: readonly Diagnostic[],
  estimate?: ComparisonEstimate,
): PageContexts["compare-form"] {
  const datasets = rowsHereFirst(store);
  const asked = many(typed, "candidate");
  const named = one(typed, "baseline") || asked[0];
  const dataset =
    one(typed, "dataset") ||
    (datasets.find((record) => named !== undefined && fittingReferences(store, record).includes(named)) ?? datasets[0])?.id;
  const chosen = datasets.find(({ id, name }) => id === dataset || name === dataset);
  const fitting = chosen === undefined ? listedVersions(store.home).map(({ reference }) => reference) : fittingReferences(store, chosen);
  const programme = named?.split("@")[0];
  const alike = fitting.filter((reference) => reference.startsWith(`${programme ?? ""}@`));
  const opening = openingChoice(store.home, alike.length > 0 ? alike : fitting);
  const baseline = one(typed, "baseline") || (opening.baseline ?? "");
  const candidates =
    asked.length > 0 || many(typed, "candidateText").length > 0 || opening.candidate === undefined ? asked : [opening.candidate];
  return {
    notices: [],
    programmes: offeredProgrammes(store, [baseline, ...candidates]).map(({ programme: name, title, versions }) => ({
      programme: name,
      title,
      versions: versions.map((version) => {
        const reference = `${name}@${version.version}`;
        return {
          reference,
          version: version.version,
          title: openingOf(store.home, reference),
          inForce: version.inForce,
          isBaseline: reference === baseline,
          isCandidate: candidates.includes(reference),
        };
      }),
    })),
    datasets: datasets.map((record) => ({ ...datasetSummary(record), selected: record.id === dataset || record.name === dataset })),
    from: one(typed, "from"),
    to: one(typed, "to"),
    seed: one(typed, "seed") || "1",
    criteria: one(typed, "criteria"),
    candidatesMax: limits.candidates.value,
    problems: diagnostics.map(problemOf),
    ...builderParts(store, typed, chosen),
    ...(estimate === undefined ? {} : { estimate: estimateParts(estimate) }),
  };
}

/** Of the first programme that has two versions to compare, else of the first: the one in force, and the next. */
function openingChoice(home: string, references: readonly string[]): { readonly baseline?: string; readonly candidate?: string } {
  const programmes = [...new Set(references.map((reference) => reference.split("@")[0] ?? ""))];
  const versionsOf = (programme: string): readonly string[] => references.filter((reference) => reference.startsWith(`${programme}@`));
  const programme = programmes.find((name) => versionsOf(name).length > 1) ?? programmes[0];
  if (programme === undefined) return {};
  const own = versionsOf(programme);
  const inForce = `${programme}@${inForceVersion(home, programme)}`;
  const baseline = own.includes(inForce) ? inForce : (own[0] ?? inForce);
  const candidate = own.find((reference) => reference !== baseline);
  return { baseline, ...(candidate === undefined ? {} : { candidate }) };
}

/** What tells the versions of a programme apart: the first sentence of the rationale, cut at its colon when it has one. */
function openingOf(home: string, reference: string): string {
  const policy = listedVersions(home).find((version) => version.reference === reference)?.policy;
  return /^[^.:]+/.exec(policy?.rationale ?? "")?.[0].trim() ?? policy?.title ?? reference;
}

/** The input of `compare` that the form's fields say. What is not filled in is left out; a text is taken before the version that is chosen. */
export function readCompareForm(typed: Typed): Record<string, unknown> {
  const text = (field: string, file: string) => (one(typed, field) === "" ? undefined : { file, text: `${one(typed, field)}\n` });
  const numbers = ["seed", "replicates", "level"].flatMap((name) => {
    const written = one(typed, name);
    return written === "" ? [] : [[name, Number.isNaN(Number(written)) ? written : Number(written)]];
  });
  const optional = {
    from: one(typed, "from") || undefined,
    to: one(typed, "to") || undefined,
    criteria: criteriaOf(one(typed, "criteria")),
    assumptions: text("assumptions", "assumptions.yaml"),
    segments: segmentsTyped(typed),
  };
  return {
    baseline: text("baselineText", "baseline.yaml") ?? one(typed, "baseline"),
    candidates: [
      ...many(typed, "candidate"),
      ...many(typed, "candidateText").map((own, index) => ({ file: `candidate-${index + 1}.yaml`, text: `${own}\n` })),
    ],
    dataset: one(typed, "dataset"),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(numbers),
  };
}

/** Lines, or a file where it begins like one. */
function criteriaOf(written: string): readonly string[] | { readonly file: string; readonly text: string } | undefined {
  if (written === "") return undefined;
  if (/^(?:programme|criteria):/m.test(written)) return { file: "criteria.yaml", text: `${written}\n` };
  return written.split("\n");
}

/** Where the cure of a fault is typed, when its message does not begin with the field. */
const fieldByCode: Partial<Record<Diagnostic["code"], string>> = {
  "unknown-dataset": "dataset",
  "ambiguous-dataset": "dataset",
  "policy-unfit": "dataset",
  "period-outside": "from",
  "limit-exceeded": "candidates",
};

function problemOf(diagnostic: Diagnostic): FormProblem {
  const { place, message, cure } = diagnostic;
  const field = place === undefined ? undefined : fieldOfFile(place.file);
  if (place !== undefined && field !== undefined) return { field, message: `Line ${place.line}: ${message}.`, cure };
  const named = /^'(\w+)/.exec(diagnostic.message)?.[1];
  // The name that a comparison is kept under has a field of its own, for others are named too.
  return { field: fieldByCode[diagnostic.code] ?? (named === "name" ? "presetName" : (named ?? "baseline")), message, cure };
}

/** The field whose text bears that name. */
function fieldOfFile(file: string): string | undefined {
  const candidate = /^candidate-(\d+)\.yaml$/.exec(file)?.[1];
  if (candidate !== undefined) return `candidateText${candidate}`;
  const fields: ReadonlyMap<string, string> = new Map([
    [criteriaLinesName, "criteria"],
    ["criteria.yaml", "criteria"],
    ["baseline.yaml", "baselineText"],
    ["assumptions.yaml", "assumptions"],
  ]);
  return fields.get(file);
}
