/** Comments as the doors give them: threads, where they stand, and what may be asked of them. */
import { z } from "zod";
import { checkLimit, diagnose, InputRefused, type LimitName, nearestName } from "../../data/foundation/index.ts";
import type { CommentRecord, CommentStep, RunRecord, Store } from "../../data/store/index.ts";
import { candidatesOf } from "./comparison-report.ts";

const stepShape = z.object({
  step: z.enum(["resolved", "reopened", "withdrawn"]),
  by: z.string(),
  reason: z.string(),
  at: z.string(),
});

const saidShape = z.object({
  number: z.number().int(),
  by: z.string(),
  at: z.string().describe("When it was written, in UTC"),
  text: z.string().optional().describe("Absent when the comment was withdrawn"),
  withdrawn: stepShape.optional().describe("Who took it back, when and why"),
});

export const threadShape = saidShape.extend({
  anchor: z.string().describe("The part of the report's page that it is about"),
  candidate: z.string().describe("Version of the candidate that the report is about"),
  runDigest: z.string().describe("Digest of the result that was commented on"),
  state: z.enum(["open", "resolved", "withdrawn"]),
  steps: z.array(stepShape).describe("What happened to the thread, in order"),
  replies: z.array(saidShape),
});

export type CommentThread = z.output<typeof threadShape>;

export const commentNumberShape = z
  .number()
  .int()
  .min(1)
  .describe("Number of the comment")
  .meta({ examples: [1] });
export const personShape = z
  .string()
  .min(1)
  .max(200)
  .describe("Who says so: a name; it is not checked")
  .meta({ examples: ["Ada"] });

/** The threads of a run, in the order in which they were opened. */
export function threadsOf(store: Store, run: RunRecord, { candidate }: { readonly candidate?: string | undefined } = {}): CommentThread[] {
  const all = store.comments.list(run.id);
  return all
    .filter((comment) => comment.replyTo === undefined && (candidate === undefined || comment.candidate === candidate))
    .map((comment) => ({
      ...saidOf(comment),
      anchor: comment.anchor,
      candidate: comment.candidate,
      runDigest: comment.runDigest,
      state: stateOf(comment),
      steps: stepsOf(comment),
      replies: all.filter(({ replyTo }) => replyTo === comment.number).map(saidOf),
    }));
}

/** Where a comment stands: what happened last decides; a withdrawn one stays so. */
export function stateOf({ events }: CommentRecord): CommentThread["state"] {
  if (events.some(({ step }) => step === "withdrawn")) return "withdrawn";
  return events.at(-1)?.step === "resolved" ? "resolved" : "open";
}

/** The thread of a comment, of its own or of the one that it answers. @throws InputRefused `unknown-comment`. */
export function threadOf(store: Store, number: number): CommentThread {
  const comment = findComment(store, number);
  const [run] = store.runs.find(comment.runId);
  const root = comment.replyTo ?? comment.number;
  const thread = run === undefined ? undefined : threadsOf(store, run).find((one) => one.number === root);
  if (thread === undefined) throw new RangeError(`comment ${number} has no thread`);
  return thread;
}

/** @throws InputRefused `unknown-comment`. */
export function findComment(store: Store, number: number): CommentRecord {
  const found = store.comments.find(number);
  if (found !== undefined) return found;
  throw new InputRefused([diagnose("unknown-comment", { message: `no comment has the number ${number}`, found: String(number) })]);
}

/** The candidate that is meant, the first where none is named. @throws InputRefused `bad-request`. */
export function candidateNamed(run: RunRecord, name: string | undefined): string {
  const known = candidatesOf(run);
  const candidate = name ?? known[0];
  if (candidate !== undefined && known.includes(candidate)) return candidate;
  const near = nearestName(candidate ?? "", known);
  throw new InputRefused([
    diagnose("bad-request", { message: `the run has no candidate '${candidate ?? ""}'`, expected: known.join(", "), near }),
  ]);
}

/** What somebody wrote, with line ends of one kind and nothing around it. @throws InputRefused `limit-exceeded`, `hidden-character`, `bad-request` for blank text. */
export function writtenText(text: string, what: string): string {
  const plain = text.replace(/\r\n?/g, "\n").trim();
  requireWithin("commentCharacters", plain.length);
  // What joins letters and turns their direction is part of languages; what no letter is made of would not come back as it was sent.
  const lost = /(?![\t\n])[\p{Cc}\p{Cs}]/u.exec(plain)?.[0].codePointAt(0);
  if (lost !== undefined) {
    const found = `U+${lost.toString(16).toUpperCase().padStart(4, "0")}`;
    throw new InputRefused([diagnose("hidden-character", { message: `'${what}' holds a character that is no text, ${found}`, found })]);
  }
  if (plain !== "") return plain;
  throw new InputRefused([diagnose("bad-request", { message: `'${what}' is blank`, cure: "Write something." })]);
}

/** @throws InputRefused `limit-exceeded`. */
export function requireWithin(limit: LimitName, actual: number): void {
  const breach = checkLimit(limit, actual);
  if (breach !== undefined) throw new InputRefused([breach]);
}

/** A thread in words, for a terminal. */
export function printThread(thread: CommentThread): string {
  const said = ({ number, by, at, text, withdrawn }: Pick<CommentThread, "number" | "by" | "at" | "text" | "withdrawn">): string =>
    withdrawn === undefined
      ? `#${number} ${by}, ${at}: ${text ?? ""}`
      : `#${number} withdrawn by ${withdrawn.by}, ${withdrawn.at}${withdrawn.reason === "" ? "" : `: ${withdrawn.reason}`}`;
  return [
    `${thread.anchor}, ${thread.candidate}, ${thread.state}`,
    `  ${said(thread)}`,
    ...thread.replies.map((reply) => `    ${said(reply)}`),
    ...thread.steps
      .filter(({ step }) => step !== "withdrawn")
      .map(({ step, by, at, reason }) => `  ${step} by ${by}, ${at}${reason === "" ? "" : `: ${reason}`}`),
  ].join("\n");
}

function saidOf(comment: CommentRecord): z.output<typeof saidShape> {
  const withdrawn = stepsOf(comment).find(({ step }) => step === "withdrawn");
  const { number, author: by, createdAt: at, text } = comment;
  return withdrawn === undefined ? { number, by, at, text } : { number, by, at, withdrawn };
}

function stepsOf({ events }: CommentRecord): { step: CommentStep; by: string; reason: string; at: string }[] {
  return events.map(({ step, author, reason, createdAt }) => ({ step, by: author, reason, at: createdAt }));
}
