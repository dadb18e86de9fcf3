/** `statistic <name>`: computes a statistic of the table from a file or a request. */
import { readFileSync, statSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import {
  checkLimit,
  type Diagnostic,
  diagnose,
  InputRefused,
  lostCharacter,
  type Place,
  placeInText,
} from "../../data/foundation/index.ts";
import { requireFile } from "./given-text.ts";
import { requireShallow } from "./json-depth.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { plainFaults, sayIssue } from "./say-issue.ts";
import { answerShape, answerText, foundJson } from "./statistic-answer.ts";
import { statisticNamed, statisticNameShape } from "./statistic-show.ts";

export const statisticRun = defineOperation({
  name: "statistic run",
  summary: "Computes a statistic: the estimate with its interval and test, or why there is none.",
  input: z.strictObject({
    name: statisticNameShape,
    input: z
      .looseObject({})
      .optional()
      .describe("The statistic's input, of the form that `GET /api/statistics/{name}` gives")
      .meta({ examples: [{ sample: { successes: 41, trials: 1000 } }] }),
    file: z
      .string()
      .min(1)
      .optional()
      .describe("File with the input as JSON, of the form that `statistic show` prints; `-` reads standard input")
      .meta({ examples: ["input.json"] }),
  }),
  output: answerShape,
  isHeavy: true,
  command: { arguments: ["name"], only: ["file"], not: ["input"], flags: { file: "--input" }, isDefault: true },
  route: { method: "post", path: "/api/statistics/{name}", body: "input" },
  admit: ({ name, input, file }) => {
    if (input !== undefined || file !== undefined) return;
    const cure = `Give it with --input FILE. See its form with \`counterweight statistic show ${name}\`.`;
    throw new InputRefused([diagnose("bad-request", { message: "no input is given", expected: "--input FILE", cure })]);
  },
  perform: async ({ name, input, file }, context) => {
    const statistic = await statisticNamed(name);
    const text = file === undefined ? undefined : readInputFile(file, context);
    const given = text === undefined ? input : readJson(text, file ?? "");
    const read = statistic.input.safeParse(given, { reportInput: true });
    if (!read.success) {
      const known = statistic.input instanceof z.ZodObject ? Object.keys(statistic.input.shape) : [];
      const placeOf = text === undefined || file === undefined ? () => undefined : placesIn(text, file);
      throw new InputRefused(
        read.error.issues
          .flatMap((issue) => plainFaults(issue))
          .flatMap(({ issue, path }) => sayIssue(issue, known).map((fault) => ofStatistic(fault, name, placeOf(path)))),
      );
    }
    return foundJson(statistic.compute(read.data));
  },
  print: (answer) => answerText(answer),
});

function ofStatistic({ message, found, expected, near }: Diagnostic, name: string, place: Place | undefined): Diagnostic {
  return diagnose("bad-statistic-input", {
    message,
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
    ...(place === undefined ? {} : { place }),
    near,
    ...(near === undefined ? { cure: `See the form of the input, with an example, with \`counterweight statistic show ${name}\`.` } : {}),
  });
}

/** @throws InputRefused `file-not-found`, `unreadable-file`, `limit-exceeded`. */
function readInputFile(file: string, context: OperationContext): string {
  if (file !== "-") requireFile(file, context);
  try {
    const size = file === "-" ? 0 : statSync(file).size;
    const tooLarge = checkLimit("statisticInputBytes", size);
    if (tooLarge !== undefined) throw new InputRefused([tooLarge]);
    const bytes = readFileSync(file === "-" ? 0 : file);
    const [text, lost] = [bytes.toString("utf8"), lostCharacter(bytes)];
    if (lost === undefined) return text;
    const words = { message: `${file === "-" ? "standard input" : file} is not written in UTF-8 here`, cure: "Save it as UTF-8." };
    throw new InputRefused([diagnose("bad-json", { ...words, place: placeInText(file, text, lost) })]);
  } catch (error) {
    if (error instanceof InputRefused) throw error;
    throw new InputRefused([diagnose("unreadable-file", { message: `${file}: ${(error as Error).message}`, found: file })]);
  }
}

/** @throws InputRefused `bad-json`, with the place where the text is none; `limit-exceeded` where it nests too deep. */
function readJson(text: string, file: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const place = faultyPlace(text, file, (error as Error).message);
    throw new InputRefused([
      diagnose("bad-json", { message: `${file === "-" ? "standard input" : file} is not JSON`, place, cure: "Write one JSON object." }),
    ]);
  }
  requireShallow(parsed, { file, line: 1, column: 1 });
  return parsed;
}

/** Where JSON.parse stopped: it says the position or the line in its message, or nothing when the text just ends. */
function faultyPlace(text: string, file: string, message: string): Place {
  const said = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, said === undefined ? text.length : Number(said));
  const lines = before.split("\n");
  return { file, line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

/** Beyond this many characters faults are named by their field only: finding their place would take longer than reading the file. */
const placedCharactersMax = 2_000_000;

/** The places of fields and list entries in a text of JSON, or of what is nearest around them. JSON is read as YAML here, which keeps places. */
function placesIn(text: string, file: string): (path: readonly PropertyKey[]) => Place | undefined {
  if (text.length > placedCharactersMax) return () => undefined;
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  return (path) => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      const range = (node as { range?: readonly number[] } | undefined)?.range;
      if (range === undefined || range[0] === undefined) continue;
      const { line, col } = lineCounter.linePos(range[0]);
      return { file, line, column: col };
    }
    return undefined;
  };
}
