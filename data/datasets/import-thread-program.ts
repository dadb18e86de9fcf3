/** What a thread of an import does: it answers questions until it is ended. */
import { closeSync, openSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { present } from "../foundation/index.ts";
import type { GivenBlock, Question, ThreadAnswers } from "./import-threads.ts";
import { MeasureAccount } from "./measure-account.ts";
import { SegmentReader } from "./plain/read-segments.ts";

let reading: { readonly reader: SegmentReader; readonly file: number; readonly size: number } | undefined;
let account: MeasureAccount | undefined;
let blocks: GivenBlock[] = [];

parentPort?.on("message", (question: Question) => {
  const answer = answerTo(question);
  parentPort?.postMessage(
    answer,
    blocks.map(({ buffer }) => buffer),
  );
  blocks = [];
});

function answerTo({ kind, asks }: Question): ThreadAnswers[keyof ThreadAnswers]["answers"] {
  switch (kind) {
    case "openFile": {
      const reader = new SegmentReader(asks.form, ({ buffer, rows }) => blocks.push({ buffer, rows }));
      reading = { reader, file: openSync(asks.form.path, "r"), size: asks.size };
      return undefined;
    }
    case "read": {
      const { reader, file, size } = present(reading, "file");
      return { isPlain: reader.readSegment(file, asks.from, asks.to, size), blocks };
    }
    case "finishReading": {
      const { reader, file } = present(reading, "file");
      closeSync(file);
      reading = undefined;
      return { codes: reader.finish(), blocks };
    }
    case "openAccount":
      account = new MeasureAccount(asks);
      return undefined;
    case "addToAccount":
      present(account, "account").add(asks);
      return undefined;
    case "finishAccount":
      return present(account, "account").finish();
  }
}
