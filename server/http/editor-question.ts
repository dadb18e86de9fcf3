/** What the policy editor asks of a text: whether it is sound, what it changes, which numbers can be moved, and what could be written at a place. */
import { type Diagnostic, InputRefused, placeInText, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { Store } from "../../data/store/index.ts";
import {
  type Completions,
  completionsAt,
  type ParameterPlace,
  type Policy,
  type PolicyChange,
  parameterPlaces,
  readPolicy,
} from "../../policies/language/index.ts";
import type { AnswerQuestion, Question } from "../jobs/index.ts";
import {
  atHome,
  type diagnosticJson,
  findOperation,
  loadKnown,
  namedValues,
  type OperationContext,
  resolveDataset,
} from "../operations/index.ts";

/** A text that is being written, and what it is held against. */
export interface EditedText {
  readonly programme: string;
  readonly text: string;
  /** Reference of the version that it is set against; empty for none. */
  readonly against: string;
  /** Id or name; empty for none. */
  readonly dataset: string;
  /** Names of numbers whose places are told also while the text has faults. */
  readonly levers: readonly string[];
}

/** A fault or remark, as the doors give it. */
export type EditorProblem = ReturnType<typeof diagnosticJson>;

/** What is said of a text. */
export interface Assessment {
  /** In the order of the lines. */
  readonly problems: readonly EditorProblem[];
  readonly isSound: boolean;
  /** Only of a sound text: the policy that it is, and what it changes of the version that it is set against. */
  readonly policy?: Policy;
  readonly difference?: { readonly summary: string; readonly changes: readonly PolicyChange[] };
  readonly places: Readonly<Record<string, ParameterPlace>>;
}

type Errand =
  | { readonly kind: "assess"; readonly home: string; readonly edited: EditedText }
  | { readonly kind: "complete"; readonly home: string; readonly edited: EditedText; readonly offset: number };

/** The name that places in the text bear. Its folder names the programme of a version that does not. */
export function editedFile(programme: string): string {
  return `${programme}/edited.yaml`;
}

/** The question whose answer is an `Assessment`. */
export function assessQuestion({ home }: Store, edited: EditedText): Question {
  return { module: import.meta.url, argument: { kind: "assess", home, edited } satisfies Errand };
}

/** The question whose answer is `Completions`. */
export function completeQuestion({ home }: Store, edited: EditedText, offset: number): Question {
  return { module: import.meta.url, argument: { kind: "complete", home, edited, offset } satisfies Errand };
}

/** Answers either. @public Called by a thread of the pool, which knows this module by its address only. */
export const answerQuestion: AnswerQuestion = async (argument) => {
  const errand = argument as Errand;
  return await atHome(errand.home, async (store) =>
    errand.kind === "assess" ? await assess(store, errand.edited) : complete(store, errand.edited, errand.offset),
  );
};

/** Through the operations that check and compare policies everywhere else. */
async function assess(store: Store, { programme, text, against, dataset, levers }: EditedText): Promise<Assessment> {
  const context: OperationContext = { store, reads: "nothing", onProgress: () => undefined, doors: {} };
  const file = editedFile(programme);
  const source = { file, text };
  const { diagnostics } = (await present(findOperation("policy check"), "policy check").perform(
    { files: [source], ...(dataset === "" ? {} : { dataset }) },
    context,
  )) as { readonly diagnostics: readonly EditorProblem[] };
  const problems = diagnostics.map((problem) => placed(problem, text, file));
  if (problems.some(({ severity }) => severity === "error"))
    return { problems, isSound: false, places: Object.fromEntries(parameterPlaces(text, levers)) };
  const { policy } = readPolicy({ ...source, load: loadKnown(store.home), isAnalysed: false });
  const difference =
    against === ""
      ? undefined
      : ((await present(findOperation("policy diff"), "policy diff").perform({ a: against, b: source }, context)) as NonNullable<
          Assessment["difference"]
        >);
  return {
    problems,
    isSound: true,
    ...(policy === undefined ? {} : { policy }),
    ...(difference === undefined ? {} : { difference }),
    places: Object.fromEntries(parameterPlaces(text, policy === undefined ? levers : [...namedValues(policy).keys()])),
  };
}

function complete(store: Store, { programme, text, dataset }: EditedText, offset: number): Completions {
  const version = /^extends:[ \t]*["']?(\d+\.\d+\.\d+)/m.exec(text)?.[1];
  const named = /^programme:[ \t]*["']?([a-z0-9-]+)/m.exec(text)?.[1] ?? programme;
  const load = loadKnown(store.home);
  const loaded = version === undefined ? undefined : load({ programme: named, version });
  const parent = loaded === undefined ? undefined : readPolicy({ ...loaded, load, isAnalysed: false }).policy;
  return completionsAt({ text, offset: Math.min(Math.max(0, offset), text.length), parent, panel: schemaOf(store, dataset) });
}

function schemaOf(store: Store, dataset: string): PanelSchema | undefined {
  if (dataset === "") return undefined;
  try {
    return resolveDataset(store, dataset).manifest.schema;
  } catch (error) {
    // What is written can be completed without a history.
    if (error instanceof InputRefused) return undefined;
    throw error;
  }
}

const keyOfCode: Partial<Record<Diagnostic["code"], string>> = { "version-exists": "version", "unknown-policy": "programme" };

/** A fault of the whole text gets the place of the key that cures it. */
export function placed(problem: EditorProblem, text: string, file: string): EditorProblem {
  if (problem.line !== undefined) return problem;
  const key = keyOfCode[problem.code as Diagnostic["code"]];
  const found = key === undefined ? null : new RegExp(`^${key}:[ \\t]*`, "m").exec(text);
  return { ...problem, ...placeInText(file, text, found === null ? 0 : found.index + found[0].length) };
}
