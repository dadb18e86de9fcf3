/** `comment add`: says something about a part of a report, or answers what was said. */
import { z } from "zod";
import { diagnose, InputRefused, nearestName } from "../../data/foundation/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { pagePaths, reportAnchors } from "../../views/index.ts";
import {
  candidateNamed,
  commentNumberShape,
  findComment,
  personShape,
  printThread,
  requireWithin,
  stateOf,
  threadOf,
  threadShape,
  writtenText,
} from "./comment-threads.ts";
import { reportModel } from "./comparison-report.ts";
import { defineOperation } from "./operation.ts";
import { resolveComparison } from "./resolve.ts";
import { runNameShape } from "./shapes.ts";

export const commentAdd = defineOperation({
  name: "comment add",
  summary:
    "Says something about a section or figure of a report, or answers a comment. It stays with the run, and changes no byte of its report.",
  input: z.strictObject({
    run: runNameShape,
    anchor: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe(
        "What it is about: a section (`movement`), a figure (`figure-movement`), or `answer`, as in the address of the part; `answer` by default",
      ),
    candidate: z.string().min(1).max(200).optional().describe("Version of the candidate that the report is about; the first by default"),
    replyTo: commentNumberShape.optional().describe("Number of the comment that it answers; says what it is about as well"),
    text: z
      .string()
      .min(1)
      .describe("What is said, in any language; plain text")
      .meta({ examples: ["Who of them sells medicine?"] }),
    by: personShape,
  }),
  output: z.object({ run: z.string(), number: z.number().int(), thread: threadShape }),
  isHeavy: true,
  command: { arguments: ["run"] },
  route: { method: "post", path: "/api/runs/{run}/comments" },
  perform: ({ run: name, anchor, candidate, replyTo, text, by }, { store }) => {
    const run = resolveComparison(store, name);
    const written = { text: writtenText(text, "text"), author: writtenText(by, "by") };
    requireWithin("commentsOfRun", store.comments.count(run.id) + 1);
    const place =
      replyTo === undefined
        ? placeOf(store, run, { anchor: anchor ?? "answer", candidate: candidateNamed(run, candidate) })
        : placeOfReply(store, run, replyTo);
    const { number } = store.comments.add({ runId: run.id, runDigest: run.digest, ...place, ...written });
    return { run: run.id, number, thread: threadOf(store, number) };
  },
  link: ({ run, number }) => `${pagePaths.comments(run)}#comment-${number}`,
  print: ({ thread }) => printThread(thread),
});

/** @throws InputRefused `unknown-anchor` for a part that the report does not have. */
function placeOf(store: Store, run: RunRecord, place: { readonly anchor: string; readonly candidate: string }) {
  const known = reportAnchors(reportModel(store, run, { candidate: place.candidate, standalone: false })).map(({ anchor }) => anchor);
  if (known.includes(place.anchor)) return place;
  throw new InputRefused([
    diagnose("unknown-anchor", {
      message: `the report of ${place.candidate} has no part '${place.anchor}'`,
      found: place.anchor,
      expected: known.join(", "),
      near: nearestName(place.anchor, known),
    }),
  ]);
}

/** A reply stands in the thread of what it answers. @throws InputRefused `unknown-comment`, `comment-settled`. */
function placeOfReply(store: Store, run: RunRecord, number: number) {
  const answered = findComment(store, number);
  const root = findComment(store, answered.replyTo ?? number);
  if (root.runId !== run.id)
    throw new InputRefused([diagnose("unknown-comment", { message: `comment ${number} is about run ${root.runId}, not ${run.id}` })]);
  if (stateOf(root) === "withdrawn")
    throw new InputRefused([
      diagnose("comment-settled", { message: `comment ${root.number} was withdrawn; nothing can be answered to it` }),
    ]);
  return { anchor: root.anchor, candidate: root.candidate, replyTo: root.number };
}
