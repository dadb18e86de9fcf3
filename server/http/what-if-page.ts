/** What the page of moved parameters is told: what was asked for, the parameters, and the answer. */
import { type Diagnostic, diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";
import { type Parameter, type Policy, printLiteral } from "../../policies/language/index.ts";
import {
  type FormProblem,
  formatCount,
  type PageContexts,
  pagePaths,
  type WhatIfAnswerContext,
  type WhatIfParameter,
} from "../../views/index.ts";
import {
  findOperation,
  type NamedValue,
  namedValues,
  nextVersionOf,
  type OperationContext,
  resolveDataset,
  resolvePolicy,
  type WhatIfJson,
} from "../operations/index.ts";
import { newerDataset } from "./newer-dataset.ts";
import { requireInput } from "./page-input.ts";
import { fittingReferences, inForceVersion, listedVersions, rowsHereFirst } from "./page-lists.ts";
import { type Typed, typedText, typedValues, valuePrefix } from "./typed-fields.ts";

/** What the form says, with what was left open filled in. */
export interface WhatIfForm {
  readonly policy: string;
  readonly baseline: string;
  readonly dataset: string;
  readonly from: string;
  readonly to: string;
  /** As typed, by parameter. */
  readonly values: Readonly<Record<string, string>>;
  readonly moving: string;
  readonly version: string;
  readonly title: string;
  readonly rationale: string;
}

/**
 * Reads the form. Without a version: the one in force of a programme that fits the history; without a history: the first that the version
 * fits; without a baseline the version itself.
 */
export function readWhatIfForm({ store }: OperationContext, typed: Typed): WhatIfForm {
  const datasets = rowsHereFirst(store);
  const named = typedText(typed, "dataset");
  const asked = typedText(typed, "policy");
  const dataset =
    datasets.find(({ id, name }) => id === named || name === named) ??
    (named === ""
      ? (datasets.find((record) => asked !== "" && fittingReferences(store, record).includes(asked)) ?? datasets[0])
      : undefined);
  const policy = asked || (dataset === undefined ? "" : openingVersion(store.home, fittingReferences(store, dataset)));
  return {
    policy,
    baseline: typedText(typed, "baseline") || policy,
    dataset: dataset?.id ?? named,
    from: typedText(typed, "from"),
    to: typedText(typed, "to"),
    values: typedValues(typed),
    moving: typedText(typed, "moving"),
    version: typedText(typed, "version"),
    title: typedText(typed, "title"),
    rationale: typedText(typed, "rationale"),
  };
}

/** How far the opening of a history is. */
export interface Opening {
  readonly words: string;
  /** 0 to 100, whole. */
  readonly percent: number;
}

/** How long a reader waits for a history that is being opened before being told so. */
const patienceMilliseconds = 300;

/**
 * Asks as a program would. What others supersede is asked again a few times. While the history is still being opened, how far that is: the
 * figures come to whoever asks again. @throws InputRefused with what is wrong.
 */
export async function askWhatIf(form: WhatIfForm, context: OperationContext): Promise<WhatIfJson | Opening> {
  const input = {
    ...candidateInput(form),
    baseline: form.baseline,
    dataset: form.dataset,
    ...(form.from === "" ? {} : { from: form.from }),
    ...(form.to === "" ? {} : { to: form.to }),
    ...(form.moving === "" ? {} : { moving: [form.moving] }),
  };
  return await askFigures(input, context);
}

/** Asks for the input of `what-if`, as `askWhatIf` does for the form. */
export async function askFigures(input: Readonly<Record<string, unknown>>, context: OperationContext): Promise<WhatIfJson | Opening> {
  const operation = present(findOperation("what-if"), "what-if");
  requireInput(operation, input);
  const began = performance.now();
  let isLeft = false;
  return await new Promise((resolve, reject) => {
    const onProgress: OperationContext["onProgress"] = ({ stage, done, total }) => {
      if (performance.now() - began < patienceMilliseconds) return;
      isLeft = true;
      const percent = total > 0 ? Math.floor((100 * done) / total) : 0;
      resolve({ words: `${sentence(stage).slice(0, -1)}: ${formatCount(done)} of ${formatCount(total)} rows`, percent });
    };
    const ask = async (): Promise<WhatIfJson> => {
      for (let tries = 1; ; tries++) {
        try {
          return (await operation.perform(input, { ...context, onProgress })) as WhatIfJson;
        } catch (error) {
          const isSuperseded = error instanceof InputRefused && error.diagnostics.some(({ code }) => code === "superseded");
          // Nobody waits for what was left: it must not come before those who do.
          if (!isSuperseded || tries === 5 || isLeft) throw error;
        }
      }
    };
    ask().then(resolve, reject);
  });
}

/** Whether an answer says only how far the opening is. */
export function isOpening(answer: WhatIfJson | Opening): answer is Opening {
  return "percent" in answer;
}

const formFields = new Set(["policy", "baseline", "dataset", "from", "to", "version", "title", "rationale"]);

/** The part of the question that says what the candidate is. */
export function candidateInput({ policy, values, version, title, rationale }: WhatIfForm) {
  return {
    policy,
    values,
    ...(version === "" ? {} : { version }),
    ...(title === "" ? {} : { title }),
    ...(rationale === "" ? {} : { rationale }),
  };
}

/**
 * The whole page. `refused`: what an attempt to save found wrong. @throws InputRefused `unknown-policy`; `unknown-dataset` or `policy-unfit`
 * where no version is named and none fits.
 */
export async function whatIfContext(
  form: WhatIfForm,
  context: OperationContext,
  refused: readonly Diagnostic[] = [],
): Promise<PageContexts["what-if"]> {
  const { store } = context;
  const datasets = store.datasets.list();
  if (form.policy === "") {
    const { id } = resolveDataset(store, form.dataset);
    throw new InputRefused([
      diagnose("policy-unfit", { message: `no version that scores ${id} is named`, cure: "Choose a version, and a dataset that it fits." }),
    ]);
  }
  const { policy } = resolvePolicy(form.policy, context);
  const asked = await askWhatIf(form, context).catch(faultsIn);
  const problems = problemsOf(refused.length > 0 ? refused : "faults" in asked ? asked.faults : [], form);
  const shown = "faults" in asked ? {} : isOpening(asked) ? { opening: asked } : { answer: answerContext(asked, policy.version) };
  const references = offeredReferences(context, datasets, form, policy);
  const newer = newerDataset(store, form.dataset, (id) => addressOf({ ...form, dataset: id }));
  const values = namedValues(policy);
  const fields = new Set([...values.keys()].map((name) => valuePrefix + name));
  return {
    notices: [],
    programme: policy.programme,
    version: policy.version,
    title: policy.title,
    policy: form.policy,
    baseline: form.baseline,
    dataset: form.dataset,
    ...(newer === undefined ? {} : { newer }),
    from: form.from,
    to: form.to,
    policies: references.map((reference) => ({
      reference,
      isPolicy: reference === form.policy,
      isBaseline: reference === form.baseline,
    })),
    datasets: datasets.map(({ id, manifest }) => ({ id, title: manifest.title, selected: id === form.dataset })),
    parameters: [...values].map(([name, value]) => parameterContext(name, value, form, problems)),
    fixed: policy.parameters
      .filter((parameter) => parameter.by !== undefined && parameter.values.some(({ text: of }) => !values.has(`${parameter.name}.${of}`)))
      .map(({ title }) => title),
    problems: problems
      .filter(({ field }) => !fields.has(field))
      .map((problem) => ({ ...problem, field: formFields.has(problem.field) ? problem.field : "page" })),
    ...shown,
    save: {
      version: form.version || nextVersionOf(store.home, policy.programme),
      title: form.title || policy.title,
      rationale: form.rationale,
    },
  };
}

/** The page's address with what is moved; a range belongs to the history that it was chosen for. */
function addressOf({ policy, baseline, dataset, values }: WhatIfForm): string {
  const asked = new URLSearchParams({ policy, baseline, dataset });
  for (const [name, value] of Object.entries(values)) asked.append(valuePrefix + name, value);
  return `${pagePaths.whatIf()}?${asked.toString()}`;
}

/** The answering part's context. `version`: whose parameters move. */
export function answerContext(answer: WhatIfJson, version: string): WhatIfAnswerContext {
  const { panel, baseline, candidate, difference, moved, file, milliseconds } = answer;
  const { gmv } = candidate;
  return {
    entity: panel.entity,
    grain: panel.grain,
    periods: baseline.distribution.map(({ period }) => period),
    baseline: { name: baseline.version, tiers: baseline.tiers, held: heldOf(baseline.distribution) },
    candidate: {
      name: moved.length === 0 ? version : `${version} moved`,
      tiers: candidate.tiers,
      held: heldOf(candidate.distribution),
    },
    movement: candidate.movement,
    newlyAdverse: candidate.newlyAdverse,
    released: candidate.released,
    ...(gmv === undefined
      ? {}
      : {
          gmv: {
            currency: gmv.currency,
            total: gmv.total,
            atStake: gmv.atStake,
            lower: gmv.lower,
            higher: gmv.higher,
            other: gmv.other,
          },
        }),
    isMoved: moved.length > 0,
    changes: difference.changes.map(({ path, words, direction }) => ({ path, words, ...(direction === undefined ? {} : { direction }) })),
    text: file?.text ?? "",
    milliseconds,
  };
}

/** What is wrong, beside the field that it is about; what is about none of them stands above the form. */
export function problemsOf(diagnostics: readonly Diagnostic[], form: WhatIfForm): readonly FormProblem[] {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map((diagnostic) => ({ field: fieldOf(diagnostic, form), message: sentence(diagnostic.message), cure: cureOf(diagnostic) }));
}

const fieldByCode: Partial<Record<Diagnostic["code"], string>> = {
  "unknown-dataset": "dataset",
  "ambiguous-dataset": "dataset",
  "policy-unfit": "dataset",
  "period-outside": "from",
  "version-exists": "version",
  "bad-version": "version",
};

/** The parameter that a fault names or quotes, else the one that moves, else the only one that was moved. */
function fieldOf({ code, message, found = "" }: Diagnostic, { values, moving }: WhatIfForm): string {
  const known = fieldByCode[code];
  if (known !== undefined) return known;
  const names = Object.keys(values);
  const quoted = names.find((name) => message.includes(`'${name}'`) || message.includes(`.${name}`) || found.includes(`.${name}.`));
  const typed = names.find((name) => found !== "" && values[name] === found);
  const field = formFields.has(found) ? found : /^'(rationale|title|version|from|to|dataset|baseline|policy)'/.exec(message)?.[1];
  const name =
    quoted ?? (field === undefined ? (typed ?? (moving || undefined) ?? (names.length === 1 ? names[0] : undefined)) : undefined);
  return name === undefined ? (field ?? "page") : valuePrefix + name;
}

/** In a file a range can be written wider; on a page the value stays within it. */
function cureOf({ code, found, cure }: Diagnostic): string {
  return code === "bad-range" && found !== undefined ? `Stay within ${found}.` : cure;
}

/** A message as it stands on a page. */
export function sentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
}

function faultsIn(error: unknown): { readonly faults: readonly Diagnostic[] } {
  if (error instanceof InputRefused) return { faults: error.diagnostics };
  throw error;
}

/** A number that can be moved, as its field and slider show it. */
export function parameterContext(
  name: string,
  named: NamedValue,
  { values }: Pick<WhatIfForm, "values">,
  problems: readonly FormProblem[],
): WhatIfParameter {
  const { parameter, text: own } = named;
  const field = valuePrefix + name;
  const slider = sliderOf(named);
  return {
    name,
    id: idOf(field),
    title: parameter.by === undefined ? parameter.title : `${parameter.title}: ${name.slice(parameter.name.length + 1)}`,
    own,
    value: values[name] ?? own,
    ...(slider === undefined ? {} : { slider }),
    problem: problems
      .filter((problem) => problem.field === field)
      .map(({ message, cure }) => `${message} ${cure}`)
      .join(" "),
  };
}

/** A field's name as an id, which holds no space. */
function idOf(field: string): string {
  return encodeURIComponent(field).replaceAll("%", "_");
}

/** Numbers as a file writes them, and the unit after them. */
function sliderOf({ parameter, value }: NamedValue): WhatIfParameter["slider"] {
  const span = spanOf(parameter);
  if (span === undefined || parameter.unit === "date") return undefined;
  const written = (number: number): number => Number.parseFloat(printLiteral({ ...parameter, value: number }));
  const [lower, upper, own] = [written(span.lower), written(span.upper), written(value)];
  // Of several, so that it is never the unit of one.
  const unit = printLiteral({ ...parameter, value: parameter.unit === "share" ? 0.02 : 200 }).replace(/^[\d.]+/, "");
  return { lower, upper, step: stepOf(lower, upper, own), unit };
}

/** Where a slider ends: the range that is declared. A parameter by a text has none: from 0 to twice its largest value, a share to 100 %. */
function spanOf(parameter: Parameter): { readonly lower: number; readonly upper: number } | undefined {
  if (parameter.by === undefined) return parameter.range;
  const values = parameter.values.map(({ value }) => value);
  const twice = 2 * Math.max(...values);
  if (twice <= 0 || Math.min(...values) < 0) return undefined;
  return { lower: 0, upper: parameter.unit === "share" ? Math.min(1, twice) : twice };
}

/** Whole numbers that a slider can still be put on one by one. */
const stopsMost = 200;

/**
 * A round step on which both ends and the version's own value stand: whole where these are, else a fortieth of the range or less. What lies
 * between is typed.
 *
 * @example
 * stepOf(0.5, 2.5, 1.25)
 * // => 0.05
 */
export function stepOf(lower: number, upper: number, own: number): number {
  const isWhole = [lower, upper, own].every(Number.isInteger);
  if (isWhole && upper - lower <= stopsMost) return 1;
  const places = (value: number): number => (String(value).split(".")[1] ?? "").length;
  const finest = 10 ** -Math.max(places(lower), places(upper), places(own));
  const fortieth = (upper - lower) / 40;
  const power = 10 ** Math.floor(Math.log10(fortieth));
  const round = [5, 2, 1].map((digit) => Number((digit * power).toPrecision(1))).find((step) => step <= fortieth) ?? power;
  const stands = (value: number): boolean => Math.abs((value - lower) / round - Math.round((value - lower) / round)) < 1e-9;
  return stands(own) && stands(upper) ? round : Math.min(round, finest);
}

/** Versions of the same kind of entity, of this programme first; those that are asked for in any case. */
function offeredReferences(
  { store }: OperationContext,
  datasets: readonly DatasetRecord[],
  form: WhatIfForm,
  policy: Policy,
): readonly string[] {
  const dataset = datasets.find(({ id }) => id === form.dataset);
  const fitting = dataset === undefined ? listedVersions(store.home).map(({ reference }) => reference) : fittingReferences(store, dataset);
  const own = fitting.filter((reference) => reference.startsWith(`${policy.programme}@`));
  return [...new Set([...own, form.policy, form.baseline, ...fitting])];
}

function openingVersion(home: string, fitting: readonly string[]): string {
  const programmes = [...new Set(fitting.map((reference) => reference.split("@")[0] ?? ""))];
  const programme = programmes.find((name) => fitting.filter((reference) => reference.startsWith(`${name}@`)).length > 1) ?? programmes[0];
  if (programme === undefined) return "";
  const inForce = `${programme}@${inForceVersion(home, programme)}`;
  return fitting.includes(inForce) ? inForce : (fitting.find((reference) => reference.startsWith(`${programme}@`)) ?? "");
}

function heldOf(distribution: WhatIfJson["baseline"]["distribution"]): WhatIfAnswerContext["baseline"]["held"] {
  return distribution.map(({ tiers }) => Object.fromEntries(Object.entries(tiers).map(([name, { entities }]) => [name, entities])));
}
