/** Reads a file of assumptions: YAML to a checked noun, every fault at its place. */
import { LineCounter, type Node, parseDocument, visit } from "yaml";
import { z } from "zod";
import {
  checkLimit,
  type Diagnostic,
  diagnose,
  digestOf,
  findDeepNesting,
  findHiddenCharacter,
  hasErrors,
  nearestName,
  type Place,
  placeInText,
  sayYamlFault,
} from "../../../data/foundation/index.ts";
import { type AssumedTerm, type Assumptions, type BehaviourTerm, behaviourTerms, type Spread, termMost } from "./assumptions.ts";

/** What reading gives: the assumptions when there is no error, and every fault. */
export interface ReadAssumptions {
  readonly assumptions?: Assumptions;
  readonly diagnostics: readonly Diagnostic[];
}

const number = z.number();
const pair = z.tuple([number, number]);
const spreadShape = z.union([
  number,
  z.strictObject({ triangular: z.tuple([number, number, number]) }),
  z.strictObject({ normal: pair }),
  z.strictObject({ lognormal: pair }),
  z.strictObject({ beta: pair }),
]);
const termShape = z.strictObject({
  about: z.string().min(1),
  source: z.string().min(1),
  low: spreadShape,
  central: spreadShape,
  high: spreadShape,
});
const fileShape = z.strictObject({
  assumptions: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  title: z.string().min(1),
  total_traffic: z.enum(["held", "free"]).default("held"),
  near_points: z.number().min(0).max(1000).default(0),
  traffic_elasticity: termShape,
  displacement: termShape,
  improvement: termShape,
  day_spread: termShape,
});

const spreadForm =
  "a number, or one of { triangular: [lowest, likeliest, highest] }, { normal: [mean, standard deviation] }, { lognormal: [median, deviation] }, { beta: [a, b] }";

/** Reads the text of a file of assumptions; `file` names it in messages. */
export function readAssumptions(text: string, file: string): ReadAssumptions {
  const diagnostics: Diagnostic[] = [];
  const deep = findDeepNesting(text);
  const breach =
    checkLimit("policyFileBytes", Buffer.byteLength(text), { file, line: 1, column: 1 }) ??
    (deep === undefined ? undefined : checkLimit("policyNestingDepth", deep.depth, placeInText(file, text, deep.offset)));
  if (breach !== undefined) return { diagnostics: [breach] };
  const lines = new LineCounter();
  const hidden = findHiddenCharacter(text.replace(/^\uFEFF/, " "));
  if (hidden !== undefined) {
    const { offset, ...words } = hidden;
    return { diagnostics: [diagnose("hidden-character", { ...words, place: placeInText(file, text, offset) })] };
  }
  const document = parseDocument(text, { lineCounter: lines, schema: "core", uniqueKeys: true, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  for (const error of [...document.errors, ...document.warnings]) {
    const { code, offset, ...words } = sayYamlFault(text, error, "set of assumptions");
    diagnostics.push(diagnose(code, { ...words, place: placeAt(offset) }));
  }
  visit(document, {
    Alias: (_, node) => {
      diagnostics.push(
        diagnose("yaml-feature", { message: "aliases are not part of a file of assumptions", place: placeAt(node.range?.[0] ?? 0) }),
      );
    },
  });
  if (hasErrors(diagnostics)) return { diagnostics };
  /** The node of a path; of a missing one, the nearest that is there. */
  const placeOf = (path: readonly PropertyKey[]): Place => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : (document.getIn(path.slice(0, length), true) as Node | undefined);
      if (node?.range != null) return placeAt(node.range[0]);
    }
    return placeAt(0);
  };
  const read = fileShape.safeParse(document.toJS());
  if (!read.success) {
    const isThere = (path: readonly PropertyKey[]): boolean => document.hasIn(path);
    return { diagnostics: read.error.issues.flatMap((issue) => sayFault(issue, placeOf, isThere)) };
  }
  const { data } = read;
  const terms = behaviourTerms.map((name) => [name, termOf(name, data[name], placeOf, diagnostics)] as const);
  if (hasErrors(diagnostics)) return { diagnostics };
  return {
    assumptions: {
      name: data.assumptions,
      title: data.title,
      // The same words are the same assumptions, whichever program wrote their lines.
      digest: digestOf(text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n")),
      totalTraffic: data.total_traffic,
      nearPoints: data.near_points,
      terms: Object.fromEntries(terms) as Record<BehaviourTerm, AssumedTerm>,
    },
    diagnostics,
  };
}

type PlaceOf = (path: readonly PropertyKey[]) => Place;

function sayFault(issue: z.core.$ZodIssue, placeOf: PlaceOf, isThere: (path: readonly PropertyKey[]) => boolean): readonly Diagnostic[] {
  const name = issue.path.join(".");
  const place = placeOf(issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = issue.path.length === 0 ? Object.keys(fileShape.shape) : Object.keys(termShape.shape);
    return issue.keys.map((key) =>
      diagnose("unknown-key", {
        message: `'${name === "" ? key : `${name}.${key}`}' is not part of a file of assumptions`,
        place: placeOf([...issue.path, key]),
        found: key,
        near: nearestName(key, known),
      }),
    );
  }
  const leaf = String(issue.path.at(-1) ?? "");
  const expected = ["low", "central", "high"].includes(leaf) || issue.path.length > 2 ? spreadForm : expectedOf(issue, leaf);
  if (issue.path.length > 0 && !isThere(issue.path)) {
    return [diagnose("missing-key", { message: `there is no '${name}'`, place, expected, cure: `Add '${leaf}:' with ${expected}.` })];
  }
  return [
    diagnose("wrong-shape", {
      message: `'${name === "" ? "the file" : name}' must be ${expected}`,
      place,
      expected,
      cure: `Write ${expected}.`,
    }),
  ];
}

function expectedOf(issue: z.core.$ZodIssue, leaf: string): string {
  if (leaf === "assumptions") return "a name of lower-case letters, digits and hyphens";
  if (leaf === "total_traffic") return "held or free";
  if (leaf === "near_points") return "a number of points from 0 to 1000";
  if ((behaviourTerms as readonly string[]).includes(leaf)) return "a mapping of about, source, low, central and high";
  return issue.path.length === 0 ? "a mapping that begins with 'assumptions: <name>'" : "a text";
}

function termOf(name: BehaviourTerm, read: z.output<typeof termShape>, placeOf: PlaceOf, diagnostics: Diagnostic[]): AssumedTerm {
  const { about, source } = read;
  const spread = (scenario: "low" | "central" | "high"): Spread => {
    const found = spreadOf(read[scenario]);
    const fault = faultOf(name, found);
    if (fault !== undefined)
      diagnostics.push(
        diagnose("out-of-range", {
          message: `'${name}.${scenario}': ${fault}`,
          place: placeOf([name, scenario]),
          cure: "Choose other numbers.",
        }),
      );
    return found;
  };
  return { about: about.trim(), source: source.trim(), low: spread("low"), central: spread("central"), high: spread("high") };
}

function spreadOf(read: z.output<typeof spreadShape>): Spread {
  if (typeof read === "number") return { kind: "fixed", value: read };
  if ("triangular" in read) {
    const [lowest, likeliest, highest] = read.triangular;
    return { kind: "triangular", lowest, likeliest, highest };
  }
  if ("normal" in read) return { kind: "normal", mean: read.normal[0], standardDeviation: read.normal[1] };
  if ("lognormal" in read) return { kind: "lognormal", median: read.lognormal[0], logDeviation: read.lognormal[1] };
  return { kind: "beta", a: read.beta[0], b: read.beta[1] };
}

function faultOf(name: BehaviourTerm, spread: Spread): string | undefined {
  const most = termMost[name];
  const isInside = (value: number): boolean => value >= 0 && value <= most;
  const beyond = `it lies from 0 to ${most}`;
  switch (spread.kind) {
    case "fixed":
      return isInside(spread.value) ? undefined : beyond;
    case "triangular": {
      const { lowest, likeliest, highest } = spread;
      if (!(lowest <= likeliest && likeliest <= highest)) return "the three numbers ascend: lowest, likeliest, highest";
      return isInside(lowest) && isInside(highest) ? undefined : beyond;
    }
    case "normal":
      if (!(spread.standardDeviation > 0)) return "a standard deviation is above 0";
      return isInside(spread.mean) ? undefined : beyond;
    case "lognormal":
      if (!(spread.median > 0 && spread.logDeviation > 0)) return "median and deviation are above 0";
      return isInside(spread.median) ? undefined : beyond;
    case "beta":
      return spread.a > 0 && spread.b > 0 ? undefined : "both shapes are above 0";
  }
}
