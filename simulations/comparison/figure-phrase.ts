/** The parts that a line of a guard and a line of a criterion share: the figure, and whom it speaks of. */
import { nearestName } from "../../data/foundation/index.ts";
import { type Cursor, placeOf, type TextNode } from "../../policies/language/index.ts";
import type { SegmentWord } from "./named-segment.ts";

/** The first figure of the list that the next tokens spell; a hyphen inside may be left out. The list holds no figure before a longer one that begins with it. */
export function readFigure<F extends string>(cursor: Cursor, figures: readonly F[], what: string): F {
  for (const figure of figures) {
    const mark = cursor.mark();
    if (spells(cursor, figure)) return figure;
    cursor.reset(mark);
  }
  const token = cursor.peek();
  const words = wordsFrom(cursor);
  const near = [words, words.split(" ").slice(0, -1).join(" "), token.text].map((text) => nearestName(text, figures)).find(Boolean);
  return cursor.fail("unknown-name", token, {
    message: `'${token.text}' is no figure of ${what}`,
    found: token.text,
    expected: figures.join(", "),
    near,
  });
}

function spells(cursor: Cursor, figure: string): boolean {
  return figure.split(/[ ]/).every((part) =>
    part.split("-").every((word, index) => {
      if (index > 0) cursor.acceptSign("-");
      return cursor.acceptWord(word) !== undefined;
    }),
  );
}

/** What was written up to `at` or `of`, hyphens as they stand in the list. */
function wordsFrom(cursor: Cursor): string {
  let text = "";
  for (let ahead = 0; ahead < 6; ahead++) {
    const token = cursor.peek(ahead);
    if (token.kind === "end" || token.text === "at" || token.text === "of") break;
    text += token.text === "-" || text === "" || text.endsWith("-") ? token.text : ` ${token.text}`;
  }
  return text;
}

/** A word, or a quoted text. The plural of the entity may follow, for reading aloud: `of small sellers`. */
export function readSegment(cursor: Cursor, node: TextNode, form: string): SegmentWord {
  const token = cursor.peek().kind === "text" ? cursor.next() : cursor.expectName("a size or a value of an attribute", form);
  const noun = cursor.peek();
  if (noun.kind === "word" && noun.text !== "at" && noun.text.endsWith("s")) cursor.next();
  return { value: token.text, place: placeOf(node, token.start) };
}
