/** The page of commands and routes, made from the table of operations and the catalogue of errors. */
import { type DiagnosticCode, errorCatalogue } from "../../data/foundation/index.ts";
import type { ReferenceContext, ReferenceFault, ReferenceOperation } from "../../views/index.ts";
import {
  type ErrorFamily,
  errorFamilies,
  errorsOf,
  errorsOfAny,
  type Operation,
  operations,
  referenceCall,
  referenceEntry,
  shellWord,
} from "../operations/index.ts";
import { statusByCode } from "./problem.ts";

/** Everything that programs can ask of the server at that address, `http://127.0.0.1:8626`. */
export function referenceContext(origin: string): ReferenceContext {
  // `compare` stands with the comparisons that it makes.
  const nounOf = ({ name }: Operation): string => (name === "compare" ? "comparison" : (name.split(" ")[0] ?? name));
  const nouns = [...new Set(operations.map(nounOf))];
  return {
    notices: [],
    groups: nouns.map((noun) => ({
      id: `group-${noun}`,
      noun,
      operations: operations.filter((operation) => nounOf(operation) === noun).map((operation) => entryOf(operation, origin)),
    })),
    errors: errorGroups(),
  };
}

function entryOf(operation: Operation, origin: string): ReferenceOperation {
  const { command, route, answer } = referenceCall(operation);
  return {
    id: operation.name.replaceAll(" ", "-"),
    ...referenceEntry(operation),
    examples: [
      ...(command === undefined ? [] : [command]),
      ...(route === undefined ? [] : [["curl", ...curlWords(route, origin)].join(" ")]),
    ],
    answer,
    errors: {
      codes: errorsOf(operation.name).codes,
      families: errorsOf(operation.name).families.map((family) => ({ id: `errors-${family}`, title: familyTitles[family].toLowerCase() })),
    },
  };
}

const familyTitles: Readonly<Record<ErrorFamily, string>> = {
  text: "Faults of a text",
  cases: "Cases and guards",
  history: "A history that is read",
  design: "A design",
};

function curlWords({ method, path, body }: NonNullable<ReturnType<typeof referenceCall>["route"]>, origin: string): readonly string[] {
  const address = shellWord(origin + path);
  return method === "GET" ? [address] : [address, "-H", "'content-type: application/json'", "-d", shellWord(body ?? "{}")];
}

/** What any request can meet, then what some operations can, then what their texts and files can hold. */
function errorGroups(): ReferenceContext["errors"] {
  const families = Object.entries(errorFamilies) as [ErrorFamily, readonly DiagnosticCode[]][];
  const apart = new Set([...errorsOfAny, ...families.flatMap(([, codes]) => codes)]);
  const all = Object.keys(errorCatalogue) as DiagnosticCode[];
  return [
    { id: "errors-any", title: "Any request", codes: errorsOfAny.map(errorOf) },
    { id: "errors-some", title: "Some operations", codes: all.filter((code) => !apart.has(code)).map(errorOf) },
    ...families.map(([family, codes]) => ({ id: `errors-${family}`, title: familyTitles[family], codes: codes.map(errorOf) })),
  ].map((group) => ({ ...group, codes: group.codes.toSorted((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1)) }));
}

function errorOf(code: DiagnosticCode): ReferenceFault {
  const { severity, meaning, cure } = errorCatalogue[code];
  return { status: statusByCode[code] ?? 422, code, severity, meaning, cure };
}
