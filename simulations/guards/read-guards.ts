/** Guards as they are written: one line on a command line, or a list in a file beside a programme's versions. */
import type { Diagnostic } from "../../data/foundation/index.ts";
import {
  type Cursor,
  type DocumentNode,
  Problems,
  placeOf,
  readLiteral,
  type Shape,
  type TextNode,
} from "../../policies/language/index.ts";
import { givenLines, type LineKind, linesOfFile, readFigure, readLines, readSegment } from "../comparison/index.ts";
import { type Guard, guardFigures } from "./guard.ts";

const form = "movers at most 3 %";

/** The keys of a file of guards. */
export const guardFileShape: Shape = {
  programme: { required: true, holds: "text", form: "seller-performance", about: "The family of policies." },
  guards: { required: true, holds: "list", about: "Lines like 'movers at most 3 %'." },
};

/** What reading guards gives. `guards` is empty when any diagnostic is an error. */
export interface ReadGuards {
  readonly guards: readonly Guard[];
  readonly diagnostics: readonly Diagnostic[];
}

const kind: LineKind = { key: "guards", one: "a guard", shape: guardFileShape, form };

/** Reads the file of guards of a programme. Faults are located. */
export function readGuardFile(source: { readonly text: string; readonly file: string; readonly programme: string }): ReadGuards {
  const problems = new Problems();
  const { lines, none } = linesOfFile(source, kind, problems);
  const { guards, diagnostics } = readAll(lines, problems);
  return { guards, diagnostics: [...diagnostics, ...none] };
}

/** Reads guards that were given one by one. `file` names where, in places. */
export function readGuards(lines: readonly string[], file: string): ReadGuards {
  return readAll(givenLines(lines, file), new Problems());
}

function readAll(nodes: readonly DocumentNode[], problems: Problems): ReadGuards {
  const guards = readLines(nodes, kind, problems, readGuard).map(({ line }) => line);
  return { guards: problems.stopped ? [] : guards, diagnostics: problems.sorted() };
}

/** `<figure> [of <segment value>] at most|at least <number> [%| x baseline]` */
function readGuard(cursor: Cursor, node: TextNode): Guard {
  const start = cursor.peek();
  const figure = readFigure(cursor, guardFigures, "a guard");
  const segment = cursor.acceptWord("of") === undefined ? undefined : readSegment(cursor, node, form);
  cursor.expectWord(["at"], form);
  const operator = cursor.expectWord(["most", "least"], form) === "most" ? "at most" : "at least";
  const number = cursor.peek();
  const literal = readLiteral(cursor, form);
  const isTimes = cursor.acceptWord("x") !== undefined;
  if (isTimes) cursor.expectWord(["baseline"], "1.2 x baseline");
  if (literal.unit !== (isTimes ? "number" : "share")) {
    cursor.fail("unit-mismatch", number, {
      message: "a bound is a share, or a multiple of the baseline",
      found: literal.unit,
      expected: "3 %, or 1.2 x baseline",
      cure: "Write '3 %' or '1.2 x baseline'.",
    });
  }
  if (literal.value < 0) cursor.fail("out-of-range", number, { message: "a bound is not below 0", found: String(literal.value) });
  if (isTimes && figure === "gmv at stake") {
    cursor.fail("bad-form", start, {
      message: "GMV at stake lies between the two policies: the baseline alone has none",
      found: "x baseline",
      expected: "gmv at stake at most 5 %",
      cure: "Give a share of the GMV.",
    });
  }
  return {
    words: node.text.trim(),
    figure,
    ...(segment === undefined ? {} : { segment }),
    operator,
    bound: isTimes ? { kind: "times", factor: literal.value } : { kind: "share", value: literal.value },
    place: placeOf(node, start.start),
  };
}
