/** A check in SARIF 2.1.0 (OASIS), as code scanning reads it: rules from the error catalogue, results at their places. */
import { type DiagnosticCode, errorCatalogue } from "../../data/foundation/index.ts";
import { asSentence } from "../../views/index.ts";
import type { CheckDocument } from "./check-document.ts";
import { relativeTo } from "./check-paths.ts";
import { programVersion } from "./program-version.ts";

const sourceRoot = "%SRCROOT%";

/** One run. Rules are those that have a result, in order of appearance; columns count UTF-16 code units, as ours do. */
export function checkSarif({ diagnostics }: CheckDocument): unknown {
  const codes = [...new Set(diagnostics.map(({ code }) => code))];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Counterweight", version: programVersion(), semanticVersion: programVersion(), rules: codes.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => resultOf(diagnostic, codes.indexOf(diagnostic.code))),
      },
    ],
  };
}

function ruleOf(code: string): unknown {
  const { severity, meaning, cure } = errorCatalogue[code as DiagnosticCode];
  return {
    id: code,
    name: code.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: meaning },
    fullDescription: { text: meaning },
    help: { text: `${meaning} ${cure}`, markdown: `${meaning}\n\n**Cure**: ${cure}` },
    defaultConfiguration: { level: severity },
  };
}

function resultOf({ code, severity, message, cure, file, line, column }: CheckDocument["diagnostics"][number], ruleIndex: number): unknown {
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: `${asSentence(message)} ${cure}` },
    locations:
      // What was wrong on the command line stands in no file.
      file === undefined || file.startsWith("--")
        ? []
        : [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(file), uriBaseId: sourceRoot },
                region: { startLine: line ?? 1, startColumn: column ?? 1 },
              },
            },
          ],
  };
}

/** A relative reference: each part of the path escaped, and none that could be read as a scheme. */
function uriOf(file: string): string {
  return relativeTo(file).split("/").map(encodeURIComponent).join("/");
}
