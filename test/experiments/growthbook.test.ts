/** The published assignment scheme, on its publisher's own cases where they are present. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import {
  fnv1a,
  growthbookPlace,
  growthbookRanges,
  inNamespace,
  rangeOfPlace,
} from "../../simulations/experiments/assignment/growthbook.ts";

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
}

interface Run {
  readonly context: { readonly attributes?: Readonly<Record<string, unknown>> };
  readonly experiment: {
    readonly key: string;
    readonly variations: readonly unknown[];
    readonly weights?: readonly number[];
    readonly coverage?: number;
    readonly seed?: string;
    readonly hashVersion?: 1 | 2;
    readonly namespace?: readonly [string, number, number];
    readonly ranges?: readonly (readonly [number, number])[];
  };
}

/** Keys of a run that say no more than how units are dealt. */
const dealing = new Set(["key", "variations", "weights", "coverage", "seed", "hashVersion", "namespace", "ranges", "hashAttribute"]);

const equal = (n: number): readonly number[] => Array.from({ length: Math.max(0, n) }, () => 1 / n);

describe("the published assignment scheme", () => {
  const path = join(process.env["COUNTERWEIGHT_SHARED"] ?? packagePath("..", "shared"), "vectors", "growthbook_bucketing.json");
  const cases = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { readonly cases: readonly Case[] }).cases : [];

  it("knows its hash", () => {
    expect([fnv1a(""), fnv1a("a"), fnv1a("foobar")]).to.deep.equal([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  it("gives every published case", function () {
    if (cases.length === 0) {
      console.log(`      skipped: ${path} is not here`);
      this.skip();
    }
    let tried = 0;
    for (const { id, kind, input, expected } of cases) {
      const found = answer(kind, input, expected);
      if (found === undefined) continue;
      tried++;
      expect(round(found.value), id).to.deep.equal(round(found.expected));
    }
    expect(tried).to.be.at.least(110);
  });
});

/** What is found and what was expected; undefined for runs about targeting, overrides and the like, which is no part of dealing. */
function answer(
  kind: string,
  input: Case["input"],
  expected: unknown,
): { readonly value: unknown; readonly expected: unknown } | undefined {
  switch (kind) {
    case "hash": {
      const version = input["version"];
      return version === 1 || version === 2
        ? { value: growthbookPlace(input["seed"] as string, input["value"] as string, version), expected }
        : undefined;
    }
    case "bucketRange":
      return {
        value: growthbookRanges(
          input["coverage"] as number,
          weightsFor(input["numVariations"] as number, input["weights"] as readonly number[] | null),
        ),
        expected,
      };
    case "chooseVariation":
      return { value: rangeOfPlace(input["n"] as number, input["ranges"] as readonly (readonly [number, number])[]), expected };
    case "inNamespace":
      return { value: inNamespace(input["hashValue"] as string, input["namespace"] as [string, number, number]), expected };
    case "equalWeights":
      return { value: equal(input["n"] as number), expected };
    default: {
      const { context, experiment } = input as unknown as Run;
      const extra = [
        ...Object.keys(experiment).filter((key) => !dealing.has(key)),
        ...Object.keys(context).filter((key) => key !== "attributes"),
      ];
      const unit = context.attributes?.[(experiment as { readonly hashAttribute?: string }).hashAttribute ?? "id"];
      if (extra.length > 0 || typeof unit !== "string" || unit === "" || experiment.variations.length < 2) return undefined;
      const wanted = expected as { readonly value: unknown; readonly inExperiment: boolean };
      const { key, seed, hashVersion, namespace, ranges, coverage, weights } = experiment;
      const isOut = namespace !== undefined && !inNamespace(unit, namespace);
      const place = growthbookPlace(seed ?? key, unit, hashVersion ?? 1);
      const arm = isOut
        ? -1
        : rangeOfPlace(place, ranges ?? growthbookRanges(coverage ?? 1, weightsFor(experiment.variations.length, weights ?? null)));
      return { value: [arm >= 0, experiment.variations[Math.max(arm, 0)]], expected: [wanted.inExperiment, wanted.value] };
    }
  }
}

function weightsFor(count: number, weights: readonly number[] | null): readonly number[] {
  return weights !== null && weights.length === count ? weights : equal(count);
}

/** The publisher compares rounded to eight decimals. */
function round(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === "number" ? Number(one.toFixed(8)) : one)) as unknown;
}
