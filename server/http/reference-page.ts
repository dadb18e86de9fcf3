/** The page of commands and routes, made from the table of operations and the catalogue of errors. */
import { errorCatalogue } from "../../data/foundation/index.ts";
import type { ReferenceContext, ReferenceOperation } from "../../views/index.ts";
import { type Operation, operations, referenceCall, referenceEntry, shellWord } from "../operations/index.ts";
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
    errors: errorsOf(),
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
  };
}

function curlWords({ method, path, body }: NonNullable<ReturnType<typeof referenceCall>["route"]>, origin: string): readonly string[] {
  const address = shellWord(origin + path);
  return method === "GET" ? [address] : [address, "-H", "'content-type: application/json'", "-d", shellWord(body ?? "{}")];
}

function errorsOf(): ReferenceContext["errors"] {
  const entries = Object.entries(errorCatalogue).map(([code, { severity, meaning, cure }]) => ({
    status: (statusByCode as Readonly<Record<string, number>>)[code] ?? 422,
    code,
    severity,
    meaning,
    cure,
  }));
  return entries.toSorted((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
}
