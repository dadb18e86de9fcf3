/** Text of a case file -> cases that are checked against their policy. */
import { type Diagnostic, type Grain, nearestName } from "../../data/foundation/index.ts";
import type { Unit } from "../../data/panel/index.ts";
import { asMap, asText, type Fields, fieldsOf, type MapNode, type Policy, Problems, placeOf, readDocument } from "../language/index.ts";
import type { Case, CaseEntity, CaseFile } from "./case-file.ts";
import { type PolicyReads, policyReads } from "./policy-reads.ts";
import { type ReadContext, readDay, refuseUnknownKeys } from "./read-context.ts";
import { readEvents } from "./read-events.ts";
import { readExpectations } from "./read-expectations.ts";
import { readHistory } from "./read-history.ts";
import { readRates } from "./read-rates.ts";
import { caseShapes } from "./shapes.ts";

/** What measures can count in. */
export const units: readonly Unit[] = ["count", "money", "share", "points", "days", "hours", "number"];
/** How long periods can be. */
export const grains: readonly Grain[] = ["day", "week", "month"];

/** What reading a case file gives. `cases` is absent when any diagnostic is an error. */
export interface ReadCases {
  readonly cases?: CaseFile;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads one file of cases. Never throws for what a user can write; whatever the policy does not read or compute is refused at its
 * place, so that no line of a case is without effect.
 */
export function readCases(options: { readonly text: string; readonly file: string; readonly policy: Policy }): ReadCases {
  const { text, file, policy } = options;
  const problems = new Problems();
  const root = readDocument({ text, file, problems, what: "a file of cases" })?.root;
  const cases = root === undefined ? undefined : readFile(root, policy, problems);
  const diagnostics = problems.sorted();
  return cases === undefined || problems.stopped ? { diagnostics } : { cases, diagnostics };
}

function readFile(root: MapNode, policy: Policy, problems: Problems): CaseFile | undefined {
  const fields = fieldsOf(root, caseShapes.file, "a file of cases", problems);
  requireSame(fields, "programme", policy.programme, problems);
  requireSame(fields, "version", policy.version, problems);
  const grain = readGrain(fields, problems);
  if (grain === undefined) return undefined;
  const currency = fields.text("currency")?.text;
  const reads = policyReads(policy);
  const units = readUnits(fields, reads, problems);
  const context: ReadContext = { policy, reads, grain, units, problems, ...(currency === undefined ? {} : { currency }) };
  const levels = readLevels(fields, context);
  const cases = (fields.list("cases")?.items ?? []).flatMap((item) => {
    const map = asMap(item, problems, "a case");
    const one = map === undefined ? undefined : readCase(map, context);
    return one === undefined ? [] : [one];
  });
  refuseDuplicates(cases, problems);
  return {
    file: root.source.file,
    unitsPlace: placeOf(fields.entry("units")?.key ?? root),
    programme: policy.programme,
    version: policy.version,
    grain,
    levels,
    units,
    ...(currency === undefined ? {} : { currency }),
    rates: readRates(fields, currency, problems),
    cases,
  };
}

function requireSame(fields: Fields, key: "programme" | "version", expected: string, problems: Problems): void {
  const node = fields.text(key);
  if (node === undefined || node.text === expected) return;
  problems.add("cases-mismatch", placeOf(node), {
    message: `these cases are of ${key} '${node.text.slice(0, 80)}', and the policy beside them is ${expected}`,
    found: node.text.slice(0, 80),
    expected,
  });
}

function readGrain(fields: Fields, problems: Problems): Grain | undefined {
  const node = fields.text("grain");
  const grain = grains.find((candidate) => candidate === node?.text);
  if (node !== undefined && grain === undefined) {
    problems.add("bad-form", placeOf(node), {
      message: `'${node.text.slice(0, 40)}' is no length of a period`,
      found: node.text.slice(0, 40),
      expected: grains.join(", "),
      near: nearestName(node.text, grains),
    });
  }
  return grain;
}

function readLevels(fields: Fields, { reads, problems }: ReadContext): readonly string[] {
  return (fields.list("levels")?.items ?? []).flatMap((item) => {
    const node = asText(item, problems, "a level");
    if (node === undefined) return [];
    if (reads.measures.includes(node.text)) return [node.text];
    problems.add("case-unread", placeOf(node), {
      message: `the policy reads no measure '${node.text.slice(0, 80)}'`,
      found: node.text.slice(0, 80),
      expected: reads.measures.join(", "),
      near: nearestName(node.text, reads.measures),
    });
    return [];
  });
}

function readUnits(fields: Fields, reads: PolicyReads, problems: Problems): ReadonlyMap<string, Unit> {
  const map = fields.map("units");
  if (map === undefined) return new Map();
  refuseUnknownKeys(map, reads.measures, { code: "case-unread", say: (key) => `the policy reads no measure '${key}'`, problems });
  const found = new Map<string, Unit>();
  for (const { key, value } of map.entries) {
    const node = asText(value, problems, `'${key.text}'`);
    const unit = units.find((candidate) => candidate === node?.text);
    if (unit !== undefined) found.set(key.text, unit);
    else if (node !== undefined) {
      problems.add("bad-form", placeOf(node), {
        message: `'${node.text.slice(0, 40)}' is no unit of a measure`,
        found: node.text.slice(0, 40),
        expected: units.join(", "),
        near: nearestName(node.text, units),
      });
    }
  }
  return found;
}

function readCase(map: MapNode, context: ReadContext): Case | undefined {
  const { problems } = context;
  const fields = fieldsOf(map, caseShapes.case, "a case", problems);
  const name = fields.text("name");
  const because = fields.text("because")?.text;
  const entity = readEntity(fields, "case", context);
  const peers = (fields.list("peers")?.items ?? []).flatMap((item, index) => {
    const peer = asMap(item, problems, "a peer");
    return peer === undefined ? [] : [readEntity(fieldsOf(peer, caseShapes.peer, "a peer", problems), `peer ${index + 1}`, context)];
  });
  const expect = fields.list("expect");
  const expectations = expect === undefined ? [] : readExpectations(expect, context);
  if (name === undefined) return undefined;
  return {
    name: name.text.trim(),
    ...(because === undefined ? {} : { because: because.trim() }),
    place: placeOf(name),
    entities: [entity, ...peers],
    expectations,
  };
}

function readEntity(fields: Fields, key: string, context: ReadContext): CaseEntity {
  const [history, events] = [fields.list("history"), fields.list("events")];
  return {
    key,
    place: fields.place,
    attributes: readAttributes(fields.map("attributes"), context),
    history: history === undefined ? [] : readHistory(history, context),
    events: events === undefined ? [] : readEvents(events, context),
  };
}

function readAttributes(map: MapNode | undefined, { reads, problems }: ReadContext): Readonly<Record<string, string>> {
  if (map === undefined) return {};
  const days = [...reads.days, ...reads.dayOrEvent];
  refuseUnknownKeys(map, [...days, ...reads.texts.keys()], {
    code: "case-unread",
    say: (key) => `the policy reads no attribute '${key}'`,
    problems,
  });
  const attributes: Record<string, string> = {};
  for (const { key, value } of map.entries) {
    const node = asText(value, problems, `'${key.text}'`);
    if (node === undefined) continue;
    if (days.includes(key.text)) readDay(node, problems);
    attributes[key.text] = node.text;
  }
  return attributes;
}

function refuseDuplicates(cases: readonly Case[], problems: Problems): void {
  for (const [index, { name, place }] of cases.entries()) {
    const first = cases.findIndex((other) => other.name === name);
    if (first === index) continue;
    problems.add("duplicate-case", place, {
      message: `'${name}' is already the name of the case on line ${cases[first]?.place.line}`,
      found: name,
    });
  }
}
