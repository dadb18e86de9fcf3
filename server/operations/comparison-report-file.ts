/** `comparison report`: the report of a stored comparison as a file. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { findBrowser } from "./browser.ts";
import { candidateNamed } from "./comment-threads.ts";
import { defineOperation } from "./operation.ts";
import { endingOf, requireWritable, writeWhole } from "./output-file.ts";
import { type ReportEnding, reportEndings, reportFile, reportText } from "./report-file.ts";
import { resolveComparison } from "./resolve.ts";
import { runNameShape, runShape } from "./shapes.ts";

const input = z.strictObject({
  run: runNameShape,
  mode: z.enum(["brief", "full", "method"]).default("full").describe("How much of it, in HTML and PDF"),
  candidate: z.string().min(1).max(200).optional().describe("Version of the candidate; the first by default"),
  comments: z.boolean().default(false).describe("Whether what was said about it goes along, in HTML and PDF"),
  format: z
    .enum(reportEndings)
    .optional()
    .describe("The form; the ending of --out gives it when this does not. A PDF needs Chromium and --out"),
  out: z.string().min(1).optional().describe("File to write; without it the file goes to standard output"),
});

type Request = z.output<typeof input>;

export const comparisonReportFile = defineOperation({
  name: "comparison report",
  summary:
    "Writes the report of a stored comparison: as a page in one file, a PDF, a notebook for Python and R, its tables or its document.",
  input,
  output: z.object({
    run: runShape,
    form: z.enum(reportEndings),
    bytes: z.number().int().optional().describe("Of the file that was written"),
  }),
  command: { arguments: ["run"] },
  perform: async (request, { store }) => {
    const run = resolveComparison(store, request.run);
    const candidate = candidateNamed(run, request.candidate);
    const form = formOf(request);
    const answer = { run: { id: run.id, digest: run.digest }, form };
    if (form === "pdf") findBrowser();
    if (request.out === undefined) return answer;
    requireWritable(request.out);
    const content = Buffer.from(await reportFile(store, run, form, { ...request, candidate }));
    writeWhole(request.out, content);
    return { ...answer, bytes: content.length };
  },
  print: ({ run, form }, request, { store }) => {
    if (request.out !== undefined || form === "pdf") return `Wrote ${request.out ?? ""}`;
    return reportText(store, resolveComparison(store, run.id), form, request).trimEnd();
  },
});

/** @throws InputRefused `output-unwritable`; `bad-request` for a PDF without a file. */
function formOf({ format, out }: Request): ReportEnding {
  const form = format ?? (out === undefined ? "html" : endingOf(out, reportEndings));
  if (form !== "pdf" || out !== undefined) return form;
  throw new InputRefused([
    diagnose("bad-request", { message: "'out' is missing: a PDF is no text", cure: "Name a file with --out FILE.pdf." }),
  ]);
}
