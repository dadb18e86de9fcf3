/** What keeps a policy from being run on the panel that its cases make, told as a fault of the cases where it is theirs. */
import { type Diagnostic, type DiagnosticDetails, diagnose } from "../../data/foundation/index.ts";
import type { PanelSchema, Unit } from "../../data/panel/index.ts";
import { checkAgainstPanel, type Policy } from "../language/index.ts";
import type { CaseFile } from "./case-file.ts";

const units: readonly Unit[] = ["money", "share", "points", "days", "hours"];

/**
 * The errors of the policy against the columns of its cases. Warnings are left out: cases are short on purpose. Units that the file does
 * not give are one error at `units`, whose cure names those with which the policy fits.
 */
export function misfitOf(policy: Policy, schema: PanelSchema, file: CaseFile): readonly Diagnostic[] {
  const errors = errorsOf(policy, schema);
  const ofUnits = errors.filter(isOfUnits);
  const others = errors.filter((error) => !isOfUnits(error)).map((error) => relate(error, file));
  const [first] = ofUnits;
  return first === undefined ? others : [unitsLacking(first, policy, schema, file), ...others];
}

function errorsOf(policy: Policy, schema: PanelSchema): readonly Diagnostic[] {
  return checkAgainstPanel(policy, schema).filter(({ severity }) => severity === "error");
}

function isOfUnits({ code }: Diagnostic): boolean {
  return code === "unit-mismatch";
}

/** The policy alone has no clash of units, so the cases' columns bring it. */
function unitsLacking(
  { message }: Diagnostic,
  policy: Policy,
  schema: PanelSchema,
  { file, units: given, unitsPlace }: CaseFile,
): Diagnostic {
  const lacking = unitsThatFit(policy, schema, given);
  const written = lacking.map(([name, unit]) => `${name}: ${unit}`).join(", ");
  return diagnose("unit-mismatch", {
    message:
      lacking.length === 0
        ? `the cases in ${file} count ${[...given.keys()].join(", ") || "everything"} otherwise than the policy does: ${message}`
        : `the cases in ${file} do not say what ${lacking.map(([name]) => `'${name}'`).join(" and ")} count${lacking.length === 1 ? "s" : ""} in: ${message}`,
    place: unitsPlace,
    ...(written === "" ? {} : { expected: written }),
    cure:
      written === ""
        ? "Correct 'units' in the file of cases: they are those of the measures."
        : `Write 'units: { ${[...[...given].map(([name, unit]) => `${name}: ${unit}`), written].join(", ")} }' in the file of cases.`,
  });
}

/** Measures without a unit in the file, each with the first unit that takes a clash away. */
function unitsThatFit(policy: Policy, schema: PanelSchema, given: CaseFile["units"]): readonly (readonly [string, Unit])[] {
  const clashes = (candidate: PanelSchema): number => errorsOf(policy, candidate).filter(isOfUnits).length;
  let fitting = schema;
  const found: (readonly [string, Unit])[] = [];
  for (const { name } of schema.measures.filter((measure) => !given.has(measure.name))) {
    const before = clashes(fitting);
    for (const unit of units) {
      const measures = fitting.measures.map((measure) => (measure.name === name ? { ...measure, unit } : measure));
      const changed = { ...fitting, measures };
      if (clashes(changed) >= before) continue;
      fitting = changed;
      found.push([name, unit]);
      break;
    }
  }
  return found;
}

/** The policy's place says what does not fit; the message says in which cases, and the cure what to change there. */
function relate({ severity, code, message, place, found, expected, cure, near }: Diagnostic, { file }: CaseFile): Diagnostic {
  const isLevel = code === "measure-kind" && found === "level";
  const isFlow = code === "measure-kind" && found === "flow";
  const isOfRates = code === "no-rates" || code === "rates-begin-late";
  const ownCure = isLevel
    ? "Take it out of 'levels' in the file of cases."
    : isFlow
      ? "Name it under 'levels' in the file of cases."
      : isOfRates
        ? "Write 'currency: BRL' and 'rates: [{ date: 2024-01-01, to: USD, rate: 0.2 }]' in the file of cases, with a day up to the end of its first period."
        : cure;
  const details: DiagnosticDetails = {
    message: `${message}, as the cases in ${file} have it`,
    severity,
    cure: ownCure,
    near,
    ...(place === undefined ? {} : { place }),
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
  };
  return diagnose(code, details);
}
