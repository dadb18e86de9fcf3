/** Which version of a programme was in force from which day: `in-force.yaml` beside the versions. */
import { type Day, type Diagnostic, diagnose, packagePath, parseDay } from "../../data/foundation/index.ts";
import { checkVersion } from "./check-policy.ts";
import { type DocumentNode, placeOf } from "./document.ts";
import { asMap, fieldsOf } from "./fields.ts";
import { readTextBeside } from "./library.ts";
import { located } from "./places.ts";
import { Problems } from "./problems.ts";
import { readDocument } from "./read-document.ts";

/** A version and the first day on which it was in force. */
export interface InForce {
  readonly version: string;
  readonly from: Day;
}

/**
 * The versions of a programme of the library that were in force, in order of time; each until the next begins. Faults are
 * located; a programme without the file gives `file-not-found`.
 */
export function readInForce(
  programme: string,
  file = packagePath("policies", "library", programme, "in-force.yaml"),
): { readonly versions: readonly InForce[]; readonly diagnostics: readonly Diagnostic[] } {
  const text = readTextBeside(file);
  if (typeof text !== "string")
    return {
      versions: [],
      diagnostics: [
        text ??
          diagnose("file-not-found", {
            message: `'${programme}' has no in-force.yaml`,
            found: file,
            cure: "Write 'in_force:' with a version and the day from which it held.",
          }),
      ],
    };
  const problems = new Problems();
  const root = readDocument({ text, file, problems, what: "a list of versions in force" })?.root;
  const fields = root === undefined ? undefined : fieldsOf(root, "inForce", "a list of versions in force", problems);
  const named = fields?.text("programme");
  if (named !== undefined && named.text !== programme)
    problems.add("extends-wrong-programme", placeOf(named), {
      message: `this file is of '${named.text}', not of '${programme}'`,
      found: named.text,
      expected: programme,
    });
  const versions = (fields?.list("in_force")?.items ?? []).flatMap((item) => readSpan(item, problems) ?? []);
  refuseDisorder(versions, problems);
  return {
    versions: problems.stopped ? [] : versions.map(({ version, from, node }) => located({ version, from }, placeOf(node))),
    diagnostics: problems.sorted(),
  };
}

interface Span extends InForce {
  readonly node: DocumentNode;
}

function readSpan(item: DocumentNode, problems: Problems): Span | undefined {
  const map = asMap(item, problems, "a version in force");
  if (map === undefined) return undefined;
  const fields = fieldsOf(map, "inForceSpan", "a version in force", problems);
  const version = checkVersion(fields.text("version"), problems);
  const node = fields.text("from");
  const from = node === undefined ? undefined : parseDay(node.text);
  if (node !== undefined && from === undefined)
    problems.add("bad-form", placeOf(node), {
      message: `'${node.text}' is not a day`,
      found: node.text,
      expected: "2024-02-29",
      cure: "Write the day as year-month-day.",
    });
  return version === undefined || from === undefined ? undefined : { version, from, node: map };
}

function refuseDisorder(spans: readonly Span[], problems: Problems): void {
  for (const [index, span] of spans.entries()) {
    const before = spans[index - 1];
    if (before === undefined || before.from < span.from) continue;
    problems.add("bad-range", placeOf(span.node), {
      message: `version ${span.version} begins no later than the one before it`,
      cure: "List the versions in order of time.",
    });
  }
}
