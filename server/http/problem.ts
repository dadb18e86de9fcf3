/** From any fault to the one form of error that the API gives: `application/problem+json` (RFC 9457). */
import type { z } from "zod";
import {
  checkLimit,
  type Diagnostic,
  type DiagnosticCode,
  diagnose,
  errorCatalogue,
  InputRefused,
  placeInText,
  present,
} from "../../data/foundation/index.ts";
import { catalogueFile, storeFault } from "../../data/store/index.ts";
import { diagnosticJson, type problemShape } from "../operations/index.ts";

export type Problem = z.output<typeof problemShape>;

/** The status of each code that has one of its own; what an input holds wrongly is 422. */
export const statusByCode: Partial<Record<DiagnosticCode, number>> = {
  "bad-request": 400,
  "bad-json": 400,
  "cross-site": 403,
  "path-refused": 403,
  "not-found": 404,
  "unknown-dataset": 404,
  "unknown-policy": 404,
  "unknown-preset": 404,
  "unknown-run": 404,
  "unknown-entity": 404,
  "unknown-experiment": 404,
  "unknown-statistic": 404,
  "unknown-comment": 404,
  "method-not-allowed": 405,
  "ambiguous-dataset": 409,
  "ambiguous-run": 409,
  "not-cancellable": 409,
  "damaged-dataset": 409,
  superseded: 409,
  "version-exists": 409,
  "comment-settled": 409,
  "unsupported-media-type": 415,
  "catalogue-damaged": 500,
  "home-unusable": 503,
  "queue-full": 503,
  "no-browser": 503,
  "browser-failed": 503,
  "job-died": 500,
  "internal-fault": 500,
};

/** The problem of a fault. What is our bug says so, and tells nothing of the inside. */
export function problemOf(fault: unknown, { home }: { readonly home: string }): Problem {
  const ofHome = storeFault(fault, catalogueFile(home));
  const diagnostics = ofHome === undefined ? diagnosticsOf(fault) : [ofHome];
  const first = diagnostics.find((diagnostic) => diagnostic.severity === "error") ?? diagnostics[0];
  const code = first?.code ?? "internal-fault";
  const status = isTooLarge(fault) ? 413 : (statusByCode[code] ?? 422);
  return {
    type: `urn:counterweight:problem:${code}`,
    title: errorCatalogue[code].meaning,
    status,
    detail: first?.message ?? "The program broke one of its own rules.",
    code,
    diagnostics: diagnostics.map(diagnosticJson),
  };
}

function diagnosticsOf(fault: unknown): readonly Diagnostic[] {
  if (fault instanceof InputRefused) return fault.diagnostics;
  if (isTooLarge(fault)) return [present(checkLimit("requestBodyBytes", "more"), "a breach")];
  const { type, status } = parserFault(fault);
  if (type === "entity.parse.failed") return [badJson(fault)];
  if (status === 415)
    return [diagnose("unsupported-media-type", { message: fault instanceof Error ? fault.message : "the body cannot be read" })];
  if (fault instanceof URIError) return [diagnose("bad-request", { message: "the address holds a wrong percent escape" })];
  if (status !== undefined && status >= 400 && status < 500) {
    return [diagnose("bad-request", { message: fault instanceof Error ? fault.message : "the request cannot be read" })];
  }
  return [diagnose("internal-fault", { message: "The program broke one of its own rules; the log has the details" })];
}

/** Where the parser stopped: it says the position, or nothing when the text just ends. Its words are its own. */
function badJson(fault: unknown): Diagnostic {
  const body = typeof fault === "object" && fault !== null && "body" in fault && typeof fault.body === "string" ? fault.body : "";
  const said = fault instanceof Error ? /position (\d+)/.exec(fault.message)?.[1] : undefined;
  const isCut = fault instanceof Error && fault.message.startsWith("Unexpected end");
  if (said === undefined && !isCut) return diagnose("bad-json", { message: "the body is not JSON" });
  const place = placeInText("body", body, said === undefined ? body.length : Number(said));
  return diagnose("bad-json", {
    message: said === undefined ? "the body ends before its JSON does" : "the body is not JSON from here on",
    place,
  });
}

function isTooLarge(fault: unknown): boolean {
  return parserFault(fault).type === "entity.too.large";
}

/** What the body parser, or a guard in its words, says of a body that it cannot read. */
function parserFault(fault: unknown): { readonly type?: string; readonly status?: number } {
  return typeof fault === "object" && fault !== null ? fault : {};
}
