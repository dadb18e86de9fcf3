/** `comment resolve`, `comment reopen`, `comment withdraw`: what becomes of a comment. Each is kept with who, when and why. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { CommentRecord, CommentStep } from "../../data/store/index.ts";
import { pagePaths } from "../../views/index.ts";
import {
  commentNumberShape,
  findComment,
  personShape,
  printThread,
  stateOf,
  threadOf,
  threadShape,
  writtenText,
} from "./comment-threads.ts";
import { defineOperation, type Operation } from "./operation.ts";

export const commentResolve = settling("resolve", "resolved", "Closes a thread: what it asks is settled. It can be opened again.");
export const commentReopen = settling("reopen", "reopened", "Opens a resolved thread again.");
export const commentWithdraw = settling(
  "withdraw",
  "withdrawn",
  "Takes a comment or a reply back: it stays in its place and says that it was withdrawn, and is no longer shown.",
);

function settling(verb: string, step: CommentStep, summary: string): Operation {
  return defineOperation({
    name: `comment ${verb}`,
    summary,
    input: z.strictObject({
      comment: commentNumberShape,
      by: personShape,
      reason: z.string().default("").describe("Why, in words"),
    }),
    output: z.object({ run: z.string(), number: z.number().int(), thread: threadShape }),
    command: { arguments: ["comment"] },
    route: { method: "post", path: `/api/comments/{comment}/${verb}` },
    perform: ({ comment: number, by, reason }, { store }) => {
      const comment = findComment(store, number);
      refuseIdle(comment, step);
      const why = reason.trim() === "" ? "" : writtenText(reason, "reason");
      store.comments.note(number, { step, author: writtenText(by, "by"), reason: why });
      return { run: comment.runId, number, thread: threadOf(store, number) };
    },
    link: ({ run, number }) => `${pagePaths.comments(run)}#comment-${number}`,
    print: ({ thread }) => printThread(thread),
  });
}

/** @throws InputRefused `comment-settled` where the step would change nothing; only threads are resolved. */
function refuseIdle(comment: CommentRecord, step: CommentStep): void {
  const { number, replyTo } = comment;
  const refuse = (message: string) => new InputRefused([diagnose("comment-settled", { message })]);
  const state = stateOf(comment);
  if (state === "withdrawn") throw refuse(`comment ${number} was withdrawn`);
  if (step === "withdrawn") return;
  if (replyTo !== undefined) throw refuse(`comment ${number} is a reply; what is resolved is its thread, comment ${replyTo}`);
  if (step === "resolved" && state === "resolved") throw refuse(`comment ${number} is resolved already`);
  if (step === "reopened" && state === "open") throw refuse(`comment ${number} is open`);
}
