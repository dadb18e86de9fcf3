/** Criteria as they are written: a file of a programme, or line by line. */
import { checkLimit, type Diagnostic, diagnose } from "../../../data/foundation/index.ts";
import type { PanelSchema } from "../../../data/panel/index.ts";
import {
  type Cursor,
  type DocumentNode,
  Problems,
  placeOf,
  readLiteral,
  type Shape,
  shiftDecimal,
  type TextNode,
} from "../../../policies/language/index.ts";
import { readFigure, readSegment } from "../figure-phrase.ts";
import { type NamedSegment, resolveSegment } from "../named-segment.ts";
import { givenLines, type LineKind, linesOfFile, readLines } from "../phrase-lines.ts";
import { segmentationsOf } from "../segmentations.ts";
import { type BoundKind, type Criterion, type CriterionFigure, criterionFigures, type ResolvedCriterion, ruleOf } from "./criterion.ts";

const form = "movers at most 3 %";
const figures = Object.keys(criterionFigures) as readonly CriterionFigure[];

/** How a bound of each kind is written. */
const forms: Readonly<Record<BoundKind, string>> = {
  share: "3 %",
  points: "0.3 points",
  overall: "1.2 x overall",
  baseline: "1.2 x baseline",
};

/** The keys of a file of criteria. */
export const criteriaFileShape: Shape = {
  programme: { required: true, holds: "text", form: "seller-performance", about: "The family of policies." },
  criteria: { required: true, holds: "list", about: "Lines like 'false-positive change at most 0.3 points'." },
};

/** What reading criteria gives. `criteria` is empty when any diagnostic is an error. */
export interface ReadCriteria {
  readonly criteria: readonly Criterion[];
  readonly diagnostics: readonly Diagnostic[];
}

const kind: LineKind = { key: "criteria", one: "a criterion", shape: criteriaFileShape, form };

/** Reads the criteria of a change of a programme. Faults are located. */
export function readCriteriaFile(source: { readonly text: string; readonly file: string; readonly programme: string }): ReadCriteria {
  const problems = new Problems();
  const { lines, none } = linesOfFile(source, kind, problems);
  const { criteria, diagnostics } = readAll(lines, problems);
  return { criteria, diagnostics: [...diagnostics, ...none] };
}

/** Reads criteria that were given one by one; empty lines are skipped. `file` names where, in places. */
export function readCriteriaLines(lines: readonly string[], file: string): ReadCriteria {
  return readAll(
    givenLines(lines, file).filter(({ text }) => text.trim() !== ""),
    new Problems(),
  );
}

function readAll(nodes: readonly DocumentNode[], problems: Problems): ReadCriteria {
  const criteria: Criterion[] = [];
  for (const { line, node } of readLines(nodes, kind, problems, readCriterion)) {
    const earlier = criteria.find((other) => canonicalOf(other) === canonicalOf(line));
    if (earlier === undefined) criteria.push(line);
    else
      problems.add("duplicate-key", placeOf(node), {
        message: `line ${earlier.place.line} says the same`,
        found: line.words,
        cure: "Leave one of the two out.",
      });
  }
  const breach = checkLimit("criteria", nodes.length, nodes[0] === undefined ? undefined : placeOf(nodes[0]));
  const diagnostics = [...problems.sorted(), ...(breach === undefined ? [] : [breach])];
  return { criteria: problems.stopped || breach !== undefined ? [] : criteria, diagnostics };
}

/** `<figure> [of <segment>] at most|at least <number> % | points | x overall | x baseline` */
function readCriterion(cursor: Cursor, node: TextNode): Criterion {
  const start = cursor.peek();
  const figure = readFigure(cursor, figures, "a criterion");
  const { bounds, ofSegment } = ruleOf(figure);
  const of = cursor.peek();
  const segment = cursor.acceptWord("of") === undefined ? undefined : readSegment(cursor, node, form);
  if (segment !== undefined && !ofSegment) {
    cursor.fail("bad-form", of, {
      message: `'${figure}' is read of everyone, not of a segment`,
      found: `of ${segment.value}`,
      expected: `${figure} at most ${forms[bounds[0] as BoundKind]}`,
      cure: "Leave the segment out.",
    });
  }
  cursor.expectWord(["at"], form);
  const operator = cursor.expectWord(["most", "least"], form) === "most" ? "at most" : "at least";
  const number = cursor.peek();
  const bound = readBound(cursor, figure);
  const allowed = bounds.filter((kind) => kind !== "overall" || segment !== undefined || figure === "worst segment ratio");
  if (!allowed.includes(bound.kind)) {
    const expected = allowed.map((kind) => forms[kind]).join(", or ");
    cursor.fail("unit-mismatch", number, {
      message:
        bound.kind === "overall" && bounds.includes("overall")
          ? "a multiple of the rate of everyone is asked of a segment"
          : `'${figure}' is held against ${allowed.map((kind) => kindWords[kind]).join(" or ")}`,
      found: bound.written,
      expected,
      cure: `Write '${expected}'.`,
    });
  }
  if (bound.value < 0 && bound.kind !== "points")
    cursor.fail("out-of-range", number, { message: "a bound is not below 0", found: bound.written });
  if (bound.kind === "share" && bound.value > 1)
    cursor.fail("out-of-range", number, { message: "a share is at most 100 %", found: bound.written });
  return {
    words: node.text.trim(),
    figure,
    ...(segment === undefined ? {} : { segment }),
    operator,
    bound: { kind: bound.kind, value: bound.value },
    place: placeOf(node, start.start),
  };
}

const kindWords: Readonly<Record<BoundKind, string>> = {
  share: "a share",
  points: "points",
  overall: "a multiple of the rate of everyone",
  baseline: "a multiple of the baseline",
};

function readBound(
  cursor: Cursor,
  figure: CriterionFigure,
): { readonly kind: BoundKind; readonly value: number; readonly written: string } {
  const number = cursor.peek();
  const digits = cursor.peek(number.text === "-" ? 1 : 0).text;
  const literal = readLiteral(cursor, form);
  const sign = number.text === "-" ? -1 : 1;
  const written = `${sign < 0 ? "-" : ""}${digits}${literal.unit === "share" ? " %" : literal.unit === "points" ? " points" : ""}`;
  if (literal.unit === "share") return { kind: "share", value: literal.value, written };
  if (literal.unit === "points") return { kind: "points", value: sign * Number(shiftDecimal(digits, -2)), written };
  if (literal.unit !== "number" || cursor.acceptWord("x") === undefined) {
    return cursor.fail("unit-mismatch", number, {
      message: "a bound has its unit: a share, points, or a multiple",
      found: literal.unit,
      expected: ruleOf(figure)
        .bounds.map((kind) => forms[kind])
        .join(", or "),
      cure: `Write it like '${forms[ruleOf(figure).bounds[0] as BoundKind]}'.`,
    });
  }
  const isBare = cursor.peek().kind === "end" && figure === "worst segment ratio";
  const base = isBare ? "overall" : cursor.expectWord(["overall", "baseline"], "1.2 x overall");
  return { kind: base === "baseline" ? "baseline" : "overall", value: literal.value, written: `${sign < 0 ? "-" : ""}${digits} x ${base}` };
}

/** One text for criteria that say the same, whatever spaces and quotes they are written with. */
export function canonicalOf({ figure, segment, operator, bound }: Criterion): string {
  return `${figure}${segment === undefined ? "" : ` of '${segment.value}'`} ${operator} ${bound.value} ${bound.kind}`;
}

/**
 * Finds the segments on a panel, and the figures that it cannot give. The list is empty when any diagnostic is an error. `segments`: the
 * segmentations that the comparison parts by; default all.
 */
export function resolveCriteria(
  criteria: readonly Criterion[],
  schema: PanelSchema,
  segments: readonly string[] = segmentationsOf(schema),
): { readonly criteria: readonly ResolvedCriterion[]; readonly diagnostics: readonly Diagnostic[] } {
  const resolved: ResolvedCriterion[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const criterion of criteria) {
    const who = resolveSegment(criterion.segment, schema);
    const fault = "severity" in who ? who : (absentFrom(criterion, schema) ?? notParted(criterion, who, segments));
    if (fault !== undefined) diagnostics.push(fault);
    else if (!("severity" in who)) resolved.push({ ...criterion, who });
  }
  return { criteria: diagnostics.length > 0 ? [] : resolved, diagnostics };
}

/** A segment of a segmentation that was not chosen has no row to be read from. */
function notParted({ place }: Criterion, who: NamedSegment, segments: readonly string[]): Diagnostic | undefined {
  const segmentation = who.kind === "everyone" ? undefined : who.kind === "size" ? "size" : who.name;
  if (segmentation === undefined || segments.includes(segmentation)) return undefined;
  return diagnose("criterion-unfit", {
    message: `the comparison does not part by '${segmentation}', so this segment is not counted`,
    place,
    found: segmentation,
    expected: segments.join(", "),
    cure: `Add '${segmentation}' to the segments, or leave the criterion out.`,
  });
}

function absentFrom({ figure, place }: Criterion, schema: PanelSchema): Diagnostic | undefined {
  if (figure === "gmv at stake" && schema.gmvMeasure === undefined) {
    return diagnose("criterion-unfit", {
      message: "the dataset says of no measure that it is GMV",
      place,
      cure: "Use a dataset that has GMV, or leave the criterion out.",
    });
  }
  if (ruleOf(figure).elsewhere !== "labels" || schema.outcomes.length > 0) return undefined;
  return diagnose("criterion-unfit", {
    message: `the dataset holds no outcomes, so '${figure}' cannot be read`,
    place,
    cure: "Use a dataset that has outcomes, or leave the criterion out.",
  });
}
