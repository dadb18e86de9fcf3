/** What we tell users about their input: collected and returned, never thrown. */
import type { Severity } from "./catalogue-entry.ts";
import { type DiagnosticCode, errorCatalogue } from "./error-catalogue.ts";

/** A spot in a file. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One fault (or remark) in the user's input, with the cure. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly place?: Place;
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly cure: string;
  /** A known name close to the one that was found. */
  readonly near?: string;
}

/** What the caller knows of a fault; severity and cure come from the catalogue unless given. */
export interface DiagnosticDetails {
  readonly message: string;
  readonly place?: Place;
  readonly found?: string;
  readonly expected?: string;
  readonly cure?: string;
  readonly near?: string | undefined;
  readonly severity?: Severity;
}

/**
 * Makes a diagnostic of a catalogued code.
 *
 * @example
 * diagnose("unknown-name", { message: "no metric is called 'late_rate'", near: "late_dispatch_rate" }).cure
 * // => "Did you mean 'late_dispatch_rate'?"
 */
export function diagnose(code: DiagnosticCode, details: DiagnosticDetails): Diagnostic {
  const { near, severity, cure, ...rest } = details;
  const entry = errorCatalogue[code];
  return {
    code,
    severity: severity ?? entry.severity,
    ...rest,
    cure: cure ?? (near === undefined ? entry.cure : `Did you mean '${near}'?`),
    ...(near === undefined ? {} : { near }),
  };
}

/** Whether any diagnostic is an error, so that the work must stop. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/**
 * One line for a terminal: `file:line:column code: message. Cure`.
 *
 * @example
 * formatDiagnostic(diagnose("unknown-name", { message: "no metric is called 'x'", place: { file: "a.yaml", line: 2, column: 5 } }))
 * // => "a.yaml:2:5 unknown-name: no metric is called 'x'. Use a name that the file, the panel or the parent version defines."
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { place, code, message, cure } = diagnostic;
  const where = place === undefined ? "" : `${place.file}:${place.line}:${place.column} `;
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return `${where}${code}: ${sentence} ${cure}`;
}

/** Thrown at a door's edge to carry diagnostics out of deep code; doors turn it into exit code 1 or a problem document. */
export class InputRefused extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join("\n"));
    this.name = "InputRefused";
    this.diagnostics = diagnostics;
  }
}
