/** What is called stricter lets nobody merit a better tier, and what is called gentler nobody a worse one: tried on entities at random. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { packagePath } from "../../data/foundation/index.ts";
import { diffPolicies, type Policy, readPolicy } from "../../policies/language/index.ts";
import { drawn, meritOf } from "./plain-reading.ts";

const texts = ["base", "whole"].map((name) => readFileSync(packagePath("test", "language", `${name}.yaml`), "utf8"));
/** The same ladder where nothing of a lower tier follows from a higher one, and where everyone has a tier. */
const [base = "", whole = ""] = texts;
const ladders = [
  base,
  whole,
  base.replace("standard: { when: rated and home", "standard: { when: trusted and home"),
  base.replace("restricted: { when: rated, ", "restricted: { when: rated and home, "),
  base
    .replace("- restricted: { when: rated, adverse: true,", "- restricted: {")
    .replace("otherwise: unrated\n", "caps:\n  - { at most: standard, when: strikes >= 2 }\n"),
];

/** Edits that keep all but one number, comparison or part of a condition. */
const edits: readonly (readonly [RegExp, (found: string, size: number) => string])[] = [
  [/(?<=(?:>=|<=|>|<) )\d+/g, (found, size) => String(Number(found) + size)],
  [/(?<=value: )\d+/g, (found, size) => String(Math.max(1, Number(found) + size))],
  [/(?<=(?:-> ))\d+(?=[,\]])/g, (found, size) => String(Math.min(100, Math.max(0, Number(found) + size * 3)))],
  [/\d+(?= % -> )/g, (found, size) => String(Math.max(0, Number(found) + size))],
  [/(?<=(?:MX|BR): )\d+/g, (found, size) => String(Math.max(1, Number(found) + size))],
  [/ (?:>=|>|<=|<) /g, (found) => ({ " >= ": " > ", " > ": " >= ", " <= ": " < ", " < ": " <= " })[found] ?? found],
  [/(?: and| or) [a-z_]+(?: (?:>=|<=|>|<) [\w.]+(?: %| days| points| USD)?)?(?=[ ,\n])/g, () => ""],
  [/when: (?=[a-z])/g, (found) => `${found}tenure > 3 days and `],
  [/\n {2}- \{ at most[^\n]*/g, () => ""],
  [/(?<=missing: )share out/g, () => "50"],
];

describe("the direction of a change", () => {
  it("holds for every entity", () => {
    const told = { stricter: 0, gentler: 0 };
    fc.assert(
      fc.property(
        fc.nat(ladders.length - 1),
        fc.nat(edits.length - 1),
        fc.nat(30),
        fc.constantFrom(-3, -2, -1, 1, 2, 3),
        fc.array(fc.infiniteStream(fc.nat(1000)), { minLength: 60, maxLength: 60 }),
        (ladder, how, at, size, entities) => {
          const text = ladders[ladder] ?? base;
          const [a, b] = [tryRead(text), tryRead(edited(text, how, at, size))];
          if (a === undefined || b === undefined) return;
          const { changes } = diffPolicies(a, b);
          const [only] = changes.filter(({ path }) => !path.endsWith(".range"));
          if (changes.length !== 1 || only === undefined || /^(?:metrics|ledgers|windows|movement)/.test(only.path)) return;
          const { direction } = only;
          if (direction === undefined || direction === "neutral" || /consequences|hold|shorten|terminal/.test(only.path)) return;
          told[direction]++;
          for (const entity of entities) {
            const values = drawn(a, entity);
            const [before, after] = [meritOf(a, values), meritOf(b, values)];
            const off = a.tiers.length;
            const isWorse = (before === off) === (after === off) && (direction === "stricter" ? after >= before : after <= before);
            expect(isWorse, `${only.words} ${direction}: ${before} -> ${after}`).to.equal(true);
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(told.stricter, "stricter changes tried").to.be.above(8);
    expect(told.gentler, "gentler changes tried").to.be.above(8);
  });
});

function tryRead(text: string): Policy | undefined {
  return readPolicy({ text, file: "policy.yaml", load: () => undefined }).policy;
}

function edited(text: string, how: number, at: number, size: number): string {
  const [pattern, change] = edits[how] ?? [/$^/g, (found: string) => found];
  const places = [...text.matchAll(pattern)];
  const place = places[at % Math.max(1, places.length)];
  return place === undefined ? text : text.slice(0, place.index) + change(place[0], size) + text.slice(place.index + place[0].length);
}
