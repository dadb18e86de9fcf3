/** The form for a new comparison: what it shows, and what it sends. */
import { type Diagnostic, limits } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import type { FormProblem, PageContexts } from "../../views/index.ts";
import { criteriaLinesName } from "../operations/index.ts";
import { datasetSummary, fittingReferences, inForceVersion, listedVersions, offeredProgrammes } from "./page-lists.ts";

/** What was typed: a body or a query, still unchecked. */
type Typed = Readonly<Record<string, unknown>> | undefined;

/**
 * The form, filled in with what was typed; at first with the first dataset and, of a programme that fits it, the version in force and the
 * one that follows. Offered is what fits a dataset of the home, and what was typed.
 */
export function compareFormContext(store: Store, typed: Typed, diagnostics: readonly Diagnostic[]): PageContexts["compare-form"] {
  const datasets = store.datasets.list();
  const dataset = one(typed, "dataset") || datasets[0]?.id;
  const chosen = datasets.find(({ id, name }) => id === dataset || name === dataset);
  const fitting = chosen === undefined ? listedVersions(store.home).map(({ reference }) => reference) : fittingReferences(store, chosen);
  const opening = openingChoice(store.home, fitting);
  const baseline = one(typed, "baseline") || (opening.baseline ?? "");
  const asked = many(typed, "candidate");
  const candidates = asked.length > 0 || opening.candidate === undefined ? asked : [opening.candidate];
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

/** The input of `compare` that the form's fields say. What is not filled in is left out. */
export function readCompareForm(typed: Typed): Record<string, unknown> {
  const seed = one(typed, "seed");
  const criteria = one(typed, "criteria").split(/\r?\n/);
  const optional = Object.fromEntries(["from", "to"].map((name) => [name, one(typed, name)] as const).filter(([, text]) => text !== ""));
  return {
    baseline: one(typed, "baseline"),
    candidates: many(typed, "candidate"),
    dataset: one(typed, "dataset"),
    ...optional,
    ...(criteria.some((line) => line.trim() !== "") ? { criteria } : {}),
    ...(seed === "" ? {} : { seed: Number.isNaN(Number(seed)) ? seed : Number(seed) }),
  };
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
  if (place?.file === criteriaLinesName) return { field: "criteria", message: `Line ${place.line}: ${message}.`, cure };
  const field = fieldByCode[diagnostic.code] ?? /^'(\w+)/.exec(diagnostic.message)?.[1] ?? "baseline";
  return { field, message, cure };
}

function one(typed: Typed, name: string): string {
  return many(typed, name)[0] ?? "";
}

function many(typed: Typed, name: string): readonly string[] {
  const value = typed?.[name];
  const values = Array.isArray(value) ? value : [value];
  return values.filter((text): text is string => typeof text === "string" && text !== "").map((text) => text.trim());
}
