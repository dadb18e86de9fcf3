/** The JSON Schema of files of cases, for editors: made from the same table of keys that the reader reads. */
import type { Grain } from "../../data/foundation/index.ts";
import { flag, type JsonSchema, named, objectSchema, patterns, scalar } from "../language/index.ts";
import { grains, units } from "./read-cases.ts";
import { movementReasons } from "./read-expectations.ts";
import { caseShapes, stretchShape } from "./shapes.ts";

const day = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const date = (description: string): JsonSchema => ({ type: "string", pattern: `^${day}$`, description });

const stretches: JsonSchema = { type: "array", minItems: 1, items: { $ref: "#/$defs/stretch" } };
const events: JsonSchema = { type: "array", items: { $ref: "#/$defs/event" } };

const ofFile: Readonly<Record<string, JsonSchema>> = {
  programme: { type: "string", pattern: patterns.get("policy.programme") ?? "" },
  version: { type: "string", pattern: patterns.get("policy.version") ?? "" },
  grain: { enum: grains },
  levels: { type: "array", items: { type: "string" } },
  units: named({ enum: units, description: "What the measure counts in." }),
  currency: { type: "string", pattern: "^[A-Z]{3}$" },
  rates: { type: "array", items: { $ref: "#/$defs/rate" } },
  cases: { type: "array", items: { $ref: "#/$defs/case" } },
};

const ofRate: Readonly<Record<string, JsonSchema>> = {
  date: { type: "string", pattern: `^${day}$` },
  to: { type: "string", pattern: "^[A-Z]{3}$" },
  rate: scalar,
};

const ofEntity: Readonly<Record<string, JsonSchema>> = {
  attributes: named({ ...scalar, description: "A text, or a day like 2024-01-07." }),
  history: stretches,
  events,
};

const ofCase: Readonly<Record<string, JsonSchema>> = {
  ...ofEntity,
  peers: { type: "array", items: { $ref: "#/$defs/peer" } },
  expect: { type: "array", minItems: 1, items: { $ref: "#/$defs/expectation" } },
};

const tier: JsonSchema = { type: "string", description: "The name of a tier." };
const count: JsonSchema = { ...scalar, description: "How many evaluations in a row stood on that side." };

/** The schema of one file of cases; names of the policy are checked by `policy check`. JSON Schema 2020-12. */
export const casesJsonSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Counterweight cases",
  description: "Histories of entities, and what a policy version must make of them.",
  ...objectSchema(caseShapes.file, (key) => ofFile[key]),
  $defs: {
    rate: objectSchema(caseShapes.rate, (key) => ofRate[key]),
    case: objectSchema(caseShapes.case, (key) => ofCase[key]),
    peer: objectSchema(caseShapes.peer, (key) => ofEntity[key]),
    stretch: { anyOf: grains.flatMap((grain) => [stretchOf(grain, grain), stretchOf(grain, `${grain}s`)]) },
    event: {
      type: "object",
      description: "A dated fact: the name of its kind with its day, and what it carries.",
      minProperties: 1,
      properties: {
        known: date("The day on which it was known. Default: its own."),
        id: { ...scalar, description: "What 'about' of another event names. Default: its kind and its place, like 'violation 2'." },
        points: { ...scalar, description: "The points that it carries." },
        about: { ...scalar, description: "The id of the event that it is about." },
      },
      additionalProperties: { ...scalar, description: "The day of the event under the name of its kind; a field that the policy reads." },
    },
    expectation: {
      type: "object",
      description: "An evaluation date, and what is expected there.",
      required: ["on"],
      minProperties: 2,
      properties: {
        on: date("A date on which the policy is evaluated."),
        tier: { ...tier, description: "The tier that is held." },
        merited: { ...tier, description: "The tier that the numbers merit." },
        reason: { enum: movementReasons, description: "The rule of movement that decided." },
        promote_count: count,
        demote_count: count,
        shielded: { ...flag, description: "Whether a shield or a protection kept a worse tier away." },
      },
      additionalProperties: {
        ...scalar,
        description: "A metric, score or ledger with its unit, or 'missing'; a condition: true, false or unknown.",
      },
    },
  },
};

/** One period, or a run of equal ones, with what was measured. */
function stretchOf(grain: Grain, key: string): JsonSchema {
  const { [key]: rule } = stretchShape(grain, []);
  const pattern = key === grain ? `^${day}$` : `^${day} to ${day}$`;
  const description = `${rule?.about ?? ""} Like '${rule?.form ?? ""}'.`;
  return {
    type: "object",
    required: [key],
    properties: { [key]: { type: "string", pattern, description } },
    additionalProperties: { ...scalar, description: "A measure; a level that is not known is 'missing'. A text that holds from here on." },
  };
}
