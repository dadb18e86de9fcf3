/** What the page of the policy editor is told: the text, what is said of it, and what it can be set against. */
import { type Diagnostic, diagnose, InputRefused } from "../../data/foundation/index.ts";
import { type Policy, printPolicy, withParameter } from "../../policies/language/index.ts";
import type { EditorFindings, PageContexts, PolicyEditorContext } from "../../views/index.ts";
import { diagnosticJson, namedValues, nextVersionOf } from "../operations/index.ts";
import { type Aside, askAside } from "./aside.ts";
import { type Assessment, assessQuestion, type EditedText, type EditorProblem, editedFile, placed } from "./editor-question.ts";
import { fittingReferences, inForceVersion, type LibraryVersion, listedVersions } from "./page-lists.ts";
import { type Typed, typedText, typedValues } from "./typed-fields.ts";
import { answerContext, askFigures, isOpening, parameterContext, sentence } from "./what-if-page.ts";

const starts = { text: "its own text", changes: "only what changes", full: "everything in full" } as const;
type Start = keyof typeof starts;

/** What the form says, with what was left open filled in. */
export interface EditorForm {
  readonly base: LibraryVersion;
  readonly text: string;
  readonly start: Start | undefined;
  readonly baseline: string;
  readonly dataset: string;
  /** Numbers to put into the text, by the names of parameters; as typed. */
  readonly values: Readonly<Record<string, string>>;
  readonly moving: string;
  readonly offset: number;
  /** What the button asks. */
  readonly action: string;
  /** Names of numbers whose places the script wants to know also while the text has faults. */
  readonly levers: readonly string[];
}

const leversMost = 256;

/** Reads what was sent of a version's editor; without a text it is begun anew. @throws InputRefused `unknown-policy`. */
export function readEditorForm(
  { context }: Aside,
  reference: { readonly programme: string; readonly version: string },
  typed: Typed,
): EditorForm {
  const { store } = context;
  const { programme, version } = reference;
  const name = `${programme}@${version}`;
  const base = listedVersions(store.home).find((one) => one.reference === name);
  if (base === undefined)
    throw new InputRefused([diagnose("unknown-policy", { message: `there is no version ${programme} ${version}`, found: name })]);
  const datasets = store.datasets.list();
  const asked = typedText(typed, "dataset");
  const start = typedText(typed, "start");
  // Forms send lines that end in two characters; a text as it is written has one.
  const sent = typed["text"];
  const isBegun = typeof sent !== "string";
  const begin: Start = Object.hasOwn(starts, start) ? (start as Start) : "text";
  const values = typedValues(typed);
  const fitting = () => datasets.find((record) => fittingReferences(store, record).includes(name));
  const anew = () => withValues(beginning(base, begin, nextVersionOf(store.home, programme)), values, base.policy).text;
  return {
    base,
    text: isBegun ? anew() : sent.replaceAll(/\r\n?/g, "\n"),
    start: isBegun ? begin : undefined,
    baseline: typedText(typed, "baseline") || name,
    dataset: (asked === "" ? fitting() : datasets.find(({ id, name: own }) => id === asked || own === asked))?.id ?? asked,
    values,
    moving: typedText(typed, "moving"),
    offset: Number(typedText(typed, "offset")) || 0,
    action: typedText(typed, "do") || "check",
    levers: typedText(typed, "levers")
      .split("\n")
      .filter((name) => name !== "")
      .slice(0, leversMost),
  };
}

/** The text that a new version begins with, under the next free number. */
function beginning({ text, policy }: LibraryVersion, start: Start, next: string): string {
  switch (start) {
    case "text":
      return text.replace(/^(version:[ \t]*)\S+/m, `$1${next}`);
    case "changes":
      return `extends: ${policy.version}\nprogramme: ${policy.programme}\nversion: ${next}\nrationale: Why this version exists.\n`;
    case "full":
      return printPolicy({ ...policy, version: next });
  }
}

/** A text with numbers put into it, and the names of those that have no place in it. What a policy says already stays as it is written. */
export function withValues(
  text: string,
  values: EditorForm["values"],
  policy: Policy | undefined,
): { readonly text: string; readonly lost: readonly string[] } {
  const own = policy === undefined ? undefined : namedValues(policy);
  const lost: string[] = [];
  let changed = text;
  for (const [name, value] of Object.entries(values)) {
    if (own?.get(name)?.text === value) continue;
    const next = /[\n\r]/.test(value) ? undefined : withParameter(changed, name, value);
    if (next === undefined) lost.push(name);
    changed = next ?? changed;
  }
  return { text: changed, lost };
}

/** The text as the thread that checks it is told. */
export function editedOf({ base, text, dataset, levers }: EditorForm): EditedText {
  return { programme: base.policy.programme, text, against: base.reference, dataset, levers };
}

/** What is said of the text. @throws InputRefused what is wrong with something else than the text. */
export async function assessForm(form: EditorForm, aside: Aside): Promise<Assessment> {
  return (await askAside(assessQuestion(aside.context.store, editedOf(form)), aside)) as Assessment;
}

/** What to show beside the text besides what is said of it. */
export interface EditorTurn {
  /** Heading of what was tried in vain. */
  readonly refused?: string;
  readonly diagnostics?: readonly Diagnostic[];
  /** Whether figures are asked for. */
  readonly wantsFigures?: boolean;
}

/** The whole page. */
export async function editorContext(form: EditorForm, aside: Aside, turn: EditorTurn = {}): Promise<PageContexts["policy-editor"]> {
  const { context } = aside;
  const { base, text, baseline, dataset } = form;
  const { policy } = base;
  const assessment = await assessForm(form, aside);
  const findings = findingsOf(withRefused(assessment, form, turn.diagnostics ?? []), form);
  const figures = turn.wantsFigures === true && assessment.isSound ? await figuresOf(form, aside) : {};
  return {
    notices: [],
    programme: policy.programme,
    version: policy.version,
    title: policy.title,
    text,
    starts: Object.entries(starts).map(([name, words]) => ({ name, words, current: name === form.start })),
    baselines: baselinesOf(form, aside).map((reference) => ({ reference, selected: reference === baseline })),
    datasets: context.store.datasets.list().map(({ id, manifest }) => ({ id, title: manifest.title, selected: id === dataset })),
    findings,
    levers: leversOf(assessment.policy),
    refused: turn.refused ?? "",
    ...figures,
    unanswered: "unanswered" in figures ? figures.unanswered : "",
  };
}

/** Figures of the text against the baseline, as its script and its page without script show them. @throws InputRefused. */
export async function answerOf({ base, text, baseline, dataset, moving }: EditorForm, { context }: Aside) {
  const { programme } = base.policy;
  const policy = { file: editedFile(programme), text };
  const found = await askFigures({ policy, baseline, dataset, ...(moving === "" ? {} : { moving: [moving] }) }, context);
  if (isOpening(found)) return { opening: found };
  // The file is what stands in the editor; what it changes of the baseline is said whatever moved.
  return { answer: { ...answerContext(found, found.candidate.version), isMoved: true } };
}

async function figuresOf(form: EditorForm, aside: Aside): Promise<Partial<Pick<PolicyEditorContext, "answer" | "opening" | "unanswered">>> {
  try {
    return await answerOf(form, aside);
  } catch (error) {
    if (error instanceof InputRefused) return { unanswered: error.diagnostics.map(({ message, cure }) => `${message}. ${cure}`).join(" ") };
    throw error;
  }
}

/** The numbers of a sound text that have a field of their own. */
export function leversOf(policy: Policy | undefined): PolicyEditorContext["levers"] {
  return policy === undefined ? [] : [...namedValues(policy)].map(([name, value]) => parameterContext(name, value, { values: {} }, []));
}

/** What is said of the text, as the page shows it. */
export function findingsOf({ problems, isSound, difference }: Assessment, { base, text }: EditorForm): EditorFindings {
  const file = editedFile(base.policy.programme);
  const shown = problems.map(({ severity, code, message, cure, line, column, file: where }) => ({
    severity,
    code,
    message: sentence(message),
    cure,
    ...(where !== undefined && where !== file ? { file: where } : {}),
    ...(where === file && line !== undefined && column !== undefined ? { line, column } : {}),
  }));
  return {
    said: countWords(problems),
    isSound: isSound && !problems.some(({ severity }) => severity === "error"),
    problems: shown,
    lines: excerptOf(
      text,
      shown.flatMap(({ line }) => line ?? []),
    ),
    ...(difference === undefined
      ? {}
      : {
          difference: {
            against: base.policy.version,
            summary: difference.summary,
            changes: difference.changes.map(({ words, direction }) => ({ words, ...(direction === undefined ? {} : { direction }) })),
          },
        }),
  };
}

function withRefused(assessment: Assessment, { base, text }: EditorForm, refused: readonly Diagnostic[]): Assessment {
  const file = editedFile(base.policy.programme);
  const more = refused.map(diagnosticJson).map((problem) => placed(problem, text, file));
  const known = new Set(assessment.problems.map(identity));
  return { ...assessment, problems: [...more.filter((problem) => !known.has(identity(problem))), ...assessment.problems] };
}

function identity({ code, line, column, message }: EditorProblem): string {
  return `${code} ${line} ${column} ${message}`;
}

/**
 * How many there are of each kind.
 *
 * @example
 * countWords([{ severity: "error" }, { severity: "error" }, { severity: "note" }])
 * // => "2 errors, 1 note"
 */
export function countWords(problems: readonly { readonly severity: string }[]): string {
  const words = ["error", "warning", "note"].flatMap((kind) => {
    const count = problems.filter(({ severity }) => severity === kind).length;
    return count === 0 ? [] : [`${count} ${kind}${count === 1 ? "" : "s"}`];
  });
  return words.length === 0 ? "No problems" : words.join(", ");
}

const linesAround = 2;
const linesMost = 200;

/** The lines at fault and their neighbours. */
function excerptOf(text: string, marked: readonly number[]): EditorFindings["lines"] {
  if (marked.length === 0) return [];
  const wanted = new Set(marked);
  return text
    .split("\n")
    .map((line, index) => ({ number: index + 1, text: line, isMarked: wanted.has(index + 1) }))
    .filter(({ number }) => marked.some((line) => Math.abs(line - number) <= linesAround))
    .slice(0, linesMost);
}

/** Versions that fit the history, those of the same programme first, and what is chosen in any case. */
function baselinesOf({ base, baseline, dataset }: EditorForm, { context }: Aside): readonly string[] {
  const { store } = context;
  const { programme } = base.policy;
  const record = store.datasets.list().find(({ id }) => id === dataset);
  const fitting = record === undefined ? listedVersions(store.home).map(({ reference }) => reference) : fittingReferences(store, record);
  const own = fitting.filter((reference) => reference.startsWith(`${programme}@`));
  return [...new Set([base.reference, `${programme}@${inForceVersion(store.home, programme)}`, ...own, baseline, ...fitting])];
}

/** The name of the file that is taken away. */
export function fileNameOf({ base, text }: EditorForm): string {
  const stated = /^version:[ \t]*["']?(\d+\.\d+\.\d+)/m.exec(text)?.[1];
  return `${base.policy.programme}-${stated ?? "new"}.yaml`;
}
