/** The parts of the form of a comparison that follow the chosen history, and what is kept under a name. */
import { formatPeriod, limits, parseDay, periodOf } from "../../data/foundation/index.ts";
import type { DatasetRecord, Store } from "../../data/store/index.ts";
import { segmentationsOf } from "../../simulations/comparison/described/index.ts";
import { type PageContexts, pagePaths } from "../../views/index.ts";
import { type ComparisonEstimate, timingWords } from "../operations/index.ts";

/** What was typed: a body or a query, still unchecked. */
export type Typed = Readonly<Record<string, unknown>> | undefined;

type Form = PageContexts["compare-form"];
type Parts = Pick<
  Form,
  | "years"
  | "first"
  | "last"
  | "grain"
  | "segments"
  | "segmentsOf"
  | "baselineText"
  | "candidateTexts"
  | "canAddText"
  | "replicates"
  | "level"
  | "assumptions"
  | "presets"
  | "presetName"
>;

/** More periods than this are named by a day instead of picked from a list. */
const periodsListed = 400;

/** Periods, texts and presets. */
export function builderParts(store: Store, typed: Typed, dataset: DatasetRecord | undefined): Parts {
  const texts = many(typed, "candidateText");
  const wantsMore = one(typed, "do") === "text" || texts.length === 0;
  const most = limits.candidates.value;
  const fields = [...texts, ...(wantsMore ? [""] : [])].slice(0, most);
  return {
    ...periodParts(dataset, typed),
    ...segmentParts(dataset, typed),
    baselineText: one(typed, "baselineText"),
    candidateTexts: fields.map((text, index) => ({ number: index + 1, text })),
    canAddText: fields.length < most,
    replicates: one(typed, "replicates"),
    level: one(typed, "level"),
    assumptions: one(typed, "assumptions"),
    presets: store.presets.list().map(({ name, input }) => ({
      name,
      words: presetWords(input),
      href: `${pagePaths.compare()}?${new URLSearchParams({ preset: name }).toString()}`,
      current: name === one(typed, "preset"),
    })),
    presetName: one(typed, "presetName") || one(typed, "preset"),
  };
}

function periodParts(dataset: DatasetRecord | undefined, typed: Typed): Pick<Parts, "years" | "first" | "last" | "grain"> {
  if (dataset === undefined) return { years: [], first: "", last: "", grain: "" };
  const { grain, firstPeriod, lastPeriod } = dataset.manifest.schema;
  const nameOf = (period: number): string => formatPeriod(grain, period);
  const [from, to] = ["from", "to"].map((end) => {
    const day = parseDay(one(typed, end));
    return day === undefined ? undefined : periodOf(grain, day);
  });
  const all = Array.from({ length: lastPeriod - firstPeriod + 1 }, (_, index) => firstPeriod + index);
  // A day of another history is typed again, so that it is refused with its reason.
  const isStrange = [from, to].some((period) => period !== undefined && (period < firstPeriod || period > lastPeriod));
  const listed = all.length > periodsListed || isStrange ? [] : all;
  const years = [...new Set(listed.map((period) => nameOf(period).slice(0, 4)))];
  return {
    years: years.map((year) => ({
      year,
      periods: listed
        .filter((period) => nameOf(period).startsWith(year))
        .map((period) => ({ day: nameOf(period), isFrom: period === from, isTo: period === to })),
    })),
    first: nameOf(firstPeriod),
    last: nameOf(lastPeriod),
    grain,
  };
}

/** The ways to part entities; ticked are those that were chosen, at first all. */
function segmentParts(dataset: DatasetRecord | undefined, typed: Typed): Pick<Parts, "segments" | "segmentsOf"> {
  if (dataset === undefined) return { segments: [], segmentsOf: "" };
  const chosen = segmentsTyped(typed);
  const all = segmentationsOf(dataset.manifest.schema);
  return { segments: all.map((name) => ({ name, isChosen: chosen?.includes(name) ?? true })), segmentsOf: dataset.id };
}

/** The segmentations that were ticked; undefined where none was, or where they were offered for another history. */
export function segmentsTyped(typed: Typed): readonly string[] | undefined {
  const [names, of] = [many(typed, "segment"), one(typed, "segmentsOf")];
  return names.length === 0 || (of !== "" && of !== one(typed, "dataset")) ? undefined : names;
}

/** The size of a comparison, and how long it should take. */
export function estimateParts(estimate: ComparisonEstimate): NonNullable<Form["estimate"]> {
  const { entities, entity, periods, grain, policies, size, segments, stored = "" } = estimate;
  return { entities, entity, periods, grain, policies, size, segments, stored, words: timingWords(estimate) };
}

function presetWords(input: Readonly<Record<string, unknown>>): string {
  const nameOf = (source: unknown): string =>
    typeof source === "object" && source !== null && "file" in source
      ? String(source.file).replace(/^(?:baseline|candidate-\d+)\.yaml$/, "a text of its own")
      : String(source);
  const candidates = Array.isArray(input["candidates"]) ? input["candidates"].map(nameOf) : [];
  const segments: readonly unknown[] = Array.isArray(input["segments"]) ? input["segments"] : [];
  const range = ["from", "to"].flatMap((end) => (typeof input[end] === "string" ? [`${end} ${input[end]}`] : [])).join(" ");
  return `${nameOf(input["baseline"])} → ${candidates.join(", ")} on ${String(input["dataset"])}${range === "" ? "" : `, ${range}`}${segments.length === 0 ? "" : `, by ${segments.join(", ")}`}`;
}

/** What would have been typed for an input of `compare`. */
export function typedOf(input: Readonly<Record<string, unknown>>): NonNullable<Typed> {
  const textOf = (source: unknown): string | undefined =>
    typeof source === "object" && source !== null && "text" in source ? String(source.text) : undefined;
  const candidates: readonly unknown[] = Array.isArray(input["candidates"]) ? input["candidates"] : [];
  const criteria = input["criteria"];
  const plain = ["dataset", "from", "to", "seed", "replicates", "level"];
  return {
    ...Object.fromEntries(
      plain.flatMap((name) => {
        const value = input[name];
        return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
      }),
    ),
    ...(textOf(input["baseline"]) === undefined ? { baseline: input["baseline"] } : { baselineText: textOf(input["baseline"]) }),
    candidate: candidates.filter((source) => typeof source === "string"),
    candidateText: candidates.flatMap((source) => textOf(source) ?? []),
    segment: input["segments"],
    criteria: Array.isArray(criteria) ? criteria.join("\n") : (textOf(criteria) ?? ""),
    assumptions: textOf(input["assumptions"]) ?? "",
  };
}

/** One text that was typed; empty when there is none. */
export function one(typed: Typed, name: string): string {
  return many(typed, name)[0] ?? "";
}

/** Every text that was typed under a name and is not empty. */
export function many(typed: Typed, name: string): readonly string[] {
  const value = typed?.[name];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values
    .filter((text): text is string => typeof text === "string" && text.trim() !== "")
    .map((text) => text.replaceAll(/\r\n?/g, "\n").trim());
}
