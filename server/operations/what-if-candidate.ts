/** The candidate that moved parameters make: the file that saving would write, read and checked as any file is. */
import { type Diagnostic, diagnose, hasErrors, InputRefused } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import {
  analysePolicy,
  checkAgainstPanel,
  type LoadVersion,
  type Parameter,
  type Policy,
  printExtension,
  printLiteral,
  readPolicy,
} from "../../policies/language/index.ts";
import { knownVersions, loadKnown, nextMinorOf, readKnownVersion } from "./known-policies.ts";
import type { OperationContext } from "./operation.ts";
import { type PolicySource, type ResolvedPolicy, resolvePolicy } from "./resolve.ts";

/** What is moved, and how the candidate is to be called. */
export interface CandidateRequest {
  /** `<programme>@<version>`, or a text that is run as it stands. */
  readonly policy: PolicySource;
  /** By parameter, or by parameter and text: `claims_green.MX`. */
  readonly values: Readonly<Record<string, number | string>>;
  readonly version?: string | undefined;
  readonly title?: string | undefined;
  readonly rationale?: string | undefined;
}

/** A version whose parameters are moved. */
export interface MovedPolicy {
  readonly base: ResolvedPolicy;
  readonly policy: Policy;
  /** The file of the candidate; absent while nothing is moved: then the policy is the version itself. */
  readonly candidate?: { readonly file: string; readonly text: string; readonly diagnostics: readonly Diagnostic[] };
  /** Names of the parameters that stand elsewhere than in the version. */
  readonly moved: readonly string[];
}

/**
 * Moves parameters. Values that are the version's own change nothing and are left out of the file.
 *
 * @throws InputRefused with the faults of the file that saving would write, each at its line, or `unknown-policy`.
 */
export function movePolicy(request: CandidateRequest, context: OperationContext): MovedPolicy {
  if (typeof request.policy !== "string") return writtenPolicy(request.policy, request.values, context);
  const base = resolveNamed(request.policy, context);
  const written = Object.entries(request.values).map(
    ([name, value]) => [name, typeof value === "number" ? printLiteral({ value, unit: "number" }) : value.trim()] as const,
  );
  const others = written.filter(([name, text]) => text !== valueNamed(base.policy, name)?.text);
  if (others.length === 0) return { base, policy: base.policy, moved: [] };
  const first = readCandidate(base, request, others, context);
  const same = others.filter(([name]) => valueNamed(first.policy, name)?.value === valueNamed(base.policy, name)?.value);
  const changing = others.filter((entry) => !same.includes(entry));
  if (changing.length === 0) return { base, policy: base.policy, moved: [] };
  const { policy, ...candidate } = same.length === 0 ? first : readCandidate(base, request, changing, context);
  return { base, policy, candidate, moved: changing.map(([name]) => name) };
}

/** What a reader would also be told of the candidate's file: never an error, so that it is looked for while others compute. */
export function findingsOf({ policy, candidate }: MovedPolicy): readonly Diagnostic[] {
  return candidate === undefined ? [] : analysePolicy(policy);
}

/** Faults of the moved policy against a history stop the work. */
export function requireMovedFit({ base, policy, candidate }: MovedPolicy, schema: PanelSchema): readonly Diagnostic[] {
  const diagnostics = checkAgainstPanel(policy, schema, candidate?.file ?? base.file);
  if (hasErrors(diagnostics)) throw new InputRefused(diagnostics);
  return [...(candidate ?? base).diagnostics, ...diagnostics];
}

/** The number that a candidate of a programme gets when none is given. */
export function nextVersionOf(home: string, programme: string): string {
  return nextMinorOf(
    knownVersions(home)
      .filter((known) => known.programme === programme)
      .map(({ version }) => version),
  );
}

/** Only a version that is known by name can be extended. */
function resolveNamed(reference: string, context: OperationContext): ResolvedPolicy {
  if (readKnownVersion(context.store.home, reference) !== undefined || /@/.test(reference)) return resolvePolicy(reference, context);
  const message = `'${reference}' is no version that another can extend`;
  throw new InputRefused([diagnose("unknown-policy", { message, found: reference, expected: "<programme>@<version>" })]);
}

/** A text as it stands: there is no version that another file could extend. */
function writtenPolicy(
  source: Exclude<PolicySource, string>,
  values: CandidateRequest["values"],
  { store: { home } }: OperationContext,
): MovedPolicy {
  if (Object.keys(values).length > 0)
    throw new InputRefused([
      diagnose("bad-request", {
        message: "'values' move the parameters of a version, and a text was sent",
        cure: "Change the numbers in the text.",
      }),
    ]);
  const load = namedByProgramme(loadKnown(home));
  const { policy, extended, diagnostics } = readPolicy({ ...source, load, isAnalysed: false });
  if (policy === undefined || hasErrors(diagnostics)) throw new InputRefused(diagnostics);
  return { base: { policy, reference: source.file, ...source, extended, load, diagnostics }, policy, moved: [] };
}

function readCandidate(
  { policy: base }: ResolvedPolicy,
  request: CandidateRequest,
  values: readonly (readonly [string, string])[],
  { store: { home } }: OperationContext,
): { readonly policy: Policy; readonly file: string; readonly text: string; readonly diagnostics: readonly Diagnostic[] } {
  const { programme } = base;
  const version = request.version ?? nextVersionOf(home, programme);
  const file = `${programme}/${version}.yaml`;
  const text = printExtension({
    programme,
    extends: base.version,
    version,
    title: request.title,
    rationale:
      request.rationale ??
      `Moves ${values.map(([name, value]) => `${wordsOf(name)} from ${valueNamed(base, name)?.text} to ${value}`).join(", ")}.`,
    values: values.map(([name, value]) => [pathOf(name), value]),
  });
  const { policy, diagnostics } = readPolicy({ file, text, load: namedByProgramme(loadKnown(home)), isAnalysed: false });
  if (policy === undefined || hasErrors(diagnostics)) throw new InputRefused(diagnostics);
  return { policy, file, text, diagnostics };
}

/** Faults in an extended version name it by programme and version: where its file lies is nobody's business over a network. */
function namedByProgramme(load: LoadVersion): LoadVersion {
  return (reference) => {
    const loaded = load(reference);
    return loaded === undefined ? undefined : { text: loaded.text, file: `${reference.programme}/${reference.version}.yaml` };
  };
}

/** A number that can be moved, by its name: that of a parameter, or a parameter's and a text's. */
export interface NamedValue {
  readonly parameter: Parameter;
  readonly value: number;
  /** As a file writes it. */
  readonly text: string;
}

/** The number of that name. */
export function valueNamed(policy: Policy, name: string): NamedValue | undefined {
  return namedValues(policy).get(name);
}

/** Every number that can be moved, by name, in file order. A text with a point has no path that names it. */
export function namedValues({ parameters }: Policy): ReadonlyMap<string, NamedValue> {
  const named = (parameter: Parameter, value: number) => ({ parameter, value, text: printLiteral({ ...parameter, value }) });
  return new Map(
    parameters.flatMap((parameter) =>
      parameter.by === undefined
        ? [[parameter.name, named(parameter, parameter.value)] as const]
        : parameter.values
            .filter(({ text }) => !text.includes("."))
            .map(({ text, value }) => [`${parameter.name}.${text}`, named(parameter, value)] as const),
    ),
  );
}

/** Where a value stands under `parameters`. */
function pathOf(name: string): string {
  const { parameter, text } = partsOf(name);
  return text === undefined ? `${parameter}.value` : `${parameter}.in.${text}`;
}

function wordsOf(name: string): string {
  const { parameter, text } = partsOf(name);
  return text === undefined ? parameter : `${parameter} for ${text}`;
}

/** The parameter of a value's name, and the text that follows the point. */
export function partsOf(name: string): { readonly parameter: string; readonly text?: string } {
  const [parameter = "", ...text] = name.split(".");
  return text.length === 0 ? { parameter } : { parameter, text: text.join(".") };
}
