/** The plan of a design file: level, power, looks, length. */
import { nearestName, parseDay } from "../../../data/foundation/index.ts";
import {
  asText,
  type DocumentNode,
  fieldsOf,
  type MapNode,
  type Problems,
  placeOf,
  readPhrase,
  type TextNode,
} from "../../../policies/language/index.ts";
import { designShapes } from "./design-shapes.ts";
import { type Arm, type Assignment, type Correction, dealtThing, type ExperimentDesign, type LookPlan } from "./experiment-design.ts";
import { oneOf, readCount, readShare } from "./read-values.ts";

const corrections: readonly Correction[] = ["none", "holm", "benjamini-hochberg"];
const looksMax = 50;
/** Ten years; and more units than there are people. */
const weeksMost = 520;
const [unitsLeast, unitsMost] = [4, 1e10];

/** The parts of a design that its plan gives. */
export function readPlan(
  map: MapNode | undefined,
  asked: { readonly segments: readonly string[]; readonly assignment: Assignment | undefined; readonly arms: readonly Arm[] },
  problems: Problems,
):
  | Pick<
      ExperimentDesign,
      | "level"
      | "power"
      | "looks"
      | "correction"
      | "secondaryCorrection"
      | "pairwiseCorrection"
      | "strata"
      | "strataColumns"
      | "start"
      | "weeks"
      | "units"
      | "population"
      | "interference"
    >
  | undefined {
  if (map === undefined) return undefined;
  const fields = fieldsOf(map, designShapes.plan, "the plan", problems);
  const inside = (key: "level" | "power", form: string): number | undefined => {
    const node = fields.text(key);
    const share = readShare(node, problems, form);
    if (node === undefined || share === undefined || (share > 0.5 && share < 1)) return share;
    problems.add("out-of-range", placeOf(node), {
      message: `the ${key} is above 50 % and below 100 %`,
      found: node.text,
      cure: `Write '${form}'.`,
    });
    return undefined;
  };
  const level = inside("level", "95 %") ?? 0.95;
  const power = inside("power", "80 %") ?? 0.8;
  const looks = readLooks(fields.text("looks"), problems) ?? { kind: "once" as const };
  const [correction, secondary] = ["correction", "secondary"].map((key) => oneOf(fields.text(key), corrections, problems));
  const start = fields.text("start");
  if (start !== undefined && (parseDay(start.text) === undefined || !/^(19|20|21)/.test(start.text))) {
    problems.add("bad-form", placeOf(start), {
      message: "the first day is a day of the calendar, of the years 1900 to 2199",
      found: start.text.slice(0, 40),
      expected: "2025-03-03",
      cure: "Write it like '2025-03-03'.",
    });
  }
  const weeks = readWithin(fields.text("weeks"), problems, {
    form: "4",
    what: "an experiment lasts",
    of: "weeks",
    least: 1,
    most: weeksMost,
  });
  // Two arms of one unit each: nothing tells how units differ.
  const units = readWithin(fields.text("units"), problems, {
    form: "20000",
    what: "an experiment has",
    of: "units in all arms",
    least: unitsLeast,
    most: unitsMost,
  });
  const population = readWithin(fields.text("population"), problems, {
    form: "120000",
    what: "a candidate is given to",
    of: "units",
    least: unitsLeast,
    most: unitsMost,
  });
  if (looks.kind === "group-sequential" && fields.text("units") === undefined) {
    problems.add("missing-key", placeOf(map), {
      message: `a plan of ${looks.count} looks states its 'units': a look spends error by the share of them that is there`,
      found: "no 'units'",
      cure: "Write 'units: 20000', with the number that 'experiment design' finds.",
    });
  }
  return {
    level,
    power,
    looks,
    correction: correction ?? "holm",
    ...(secondary === undefined || secondary === "none" ? {} : { secondaryCorrection: secondary }),
    ...readPairwise(fields.text("pairwise"), asked, problems),
    ...readStrata(fields.entry("strata")?.value, asked, problems),
    ...(start === undefined ? {} : { start: start.text }),
    ...(weeks === undefined ? {} : { weeks }),
    ...(units === undefined ? {} : { units }),
    ...(population === undefined ? {} : { population }),
    ...readInterference(fields.text("interference"), problems),
  };
}

/** How differences between candidates are corrected, where there are two or more. */
function readPairwise(
  node: TextNode | undefined,
  { arms }: Parameters<typeof readPlan>[1],
  problems: Problems,
): Pick<ExperimentDesign, "pairwiseCorrection"> {
  const correction = oneOf(node, corrections, problems);
  if (node !== undefined && arms.length === 2)
    problems.add("bad-form", placeOf(node), {
      message: "a pair of candidates is compared, and the design has one candidate",
      found: node.text.slice(0, 40),
      cure: "Remove 'pairwise', or add a candidate to the arms.",
    });
  return correction === undefined ? {} : { pairwiseCorrection: correction };
}

/** A whole number within bounds. */
function readWithin(
  node: TextNode | undefined,
  problems: Problems,
  { form, what, of, least, most }: Readonly<Record<"form" | "what" | "of", string>> & Readonly<Record<"least" | "most", number>>,
): number | undefined {
  const count = readCount(node, problems, form);
  if (node === undefined || count === undefined || (count >= least && count <= most)) return count;
  problems.add("out-of-range", placeOf(node), {
    message: `${what} ${least} to ${most} ${of}`,
    found: node.text.slice(0, 40),
    cure: `Write a number within these bounds, such as ${form}.`,
  });
  return undefined;
}

/** A segment, or a list of several; where units are dealt one by one, or as a list. */
function readStrata(
  value: DocumentNode | undefined,
  { segments, assignment }: Parameters<typeof readPlan>[1],
  problems: Problems,
): Pick<ExperimentDesign, "strata" | "strataColumns"> {
  if (value === undefined) return {};
  const nodes = (value.kind === "list" ? value.items : [value]).flatMap((item) => asText(item, problems, "a segment") ?? []);
  const dealt = assignment === undefined ? "unit" : dealtThing({ assignment }).kind;
  if (dealt === "cluster" || dealt === "switchback") {
    problems.add("bad-form", placeOf(value), {
      message: `${dealt === "cluster" ? "clusters" : "spans of days"} are dealt, and strata are of units that are dealt one by one`,
      found: nodes.map(({ text }) => text.slice(0, 80)).join(", "),
      cure: "Remove 'strata', or deal units.",
    });
    return {};
  }
  const names = nodes.map(({ text }) => text);
  for (const [place, node] of nodes.entries()) {
    const name = node.text.slice(0, 80);
    if (names.indexOf(node.text) < place)
      problems.add("duplicate-key", placeOf(node), { message: `'${name}' is listed twice`, cure: "Name each segment once." });
    if (segments.includes(node.text)) continue;
    problems.add("bad-form", placeOf(node), {
      message: `'${name}' is not one of the segments`,
      found: name,
      expected: segments.join(", "),
      near: nearestName(node.text, segments),
      cure: segments.length === 0 ? `Write 'segments: [${name}]' beside it.` : "Name one of the segments, or add it to them.",
    });
  }
  const strata = names.join(" and ");
  if (names.length === 0) return {};
  if (names.length === 1) return { strata };
  if (segments.includes(strata))
    problems.add("bad-form", placeOf(value), {
      message: `'${strata.slice(0, 80)}' is a segment by itself, and would be taken for the combinations of ${names.length} others`,
      cure: "Name that segment otherwise, or take it out of the segments.",
    });
  return { strata, strataColumns: names };
}

/** `none because <reason>`. */
function readInterference(node: TextNode | undefined, problems: Problems): Pick<ExperimentDesign, "interference"> {
  if (node === undefined) return {};
  const reason = /^none because (\S.*)$/s.exec(node.text.trim())?.[1];
  if (reason !== undefined) return { interference: { none: reason.endsWith(".") ? reason : `${reason}.` } };
  problems.add("bad-form", placeOf(node), {
    message: "the warning of interference is turned off by a reason",
    found: node.text.slice(0, 80),
    expected: "none because sellers share no buyers",
    cure: "Write 'none because <reason>', or remove the key.",
  });
  return {};
}

/** `once`, `4 by obrien-fleming`, `always valid`. */
function readLooks(node: TextNode | undefined, problems: Problems): LookPlan | undefined {
  if (node === undefined) return undefined;
  const form = "4 by obrien-fleming";
  if (node.text.trim() === "once") return { kind: "once" };
  if (node.text.trim() === "always valid") return { kind: "always-valid" };
  const spending = /by (.+)$/.exec(node.text)?.[1] ?? "";
  return readPhrase(node, problems, (cursor): LookPlan => {
    const token = cursor.peek();
    const count = cursor.expectCount("a number of looks", form);
    if (count < 2 || count > looksMax)
      cursor.fail("out-of-range", token, { message: `2 to ${looksMax} looks are planned`, found: String(count) });
    cursor.expectWord(["by"], form);
    const isPocock = spending.trim() === "pocock";
    if (!isPocock && spending.trim() !== "obrien-fleming") {
      cursor.fail("bad-form", cursor.peek(), {
        message: "looks are spent by obrien-fleming or by pocock",
        found: spending.slice(0, 40),
        expected: form,
      });
    }
    while (cursor.peek().kind !== "end") cursor.next();
    return { kind: "group-sequential", count, spending: isPocock ? "pocock" : "obrien-fleming" };
  });
}
