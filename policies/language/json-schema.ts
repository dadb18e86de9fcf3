/** The JSON Schema of policy files, for editors: made from the same table of keys that the checker reads. */
import { metricKinds } from "./check-metrics.ts";
import type { KeyRule, Shape } from "./key-rule.ts";
import { type ShapeName, shapes } from "./shapes.ts";

/** A fragment of JSON Schema. */
export type JsonSchema = {
  readonly [key: string]: string | number | boolean | readonly (string | boolean)[] | readonly JsonSchema[] | JsonSchema;
};

const name = "^[A-Za-z][A-Za-z0-9_]{0,63}$";
const constant = "(?:-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)? *(?:%|days?|hours?|points?|[A-Z]{3})?|[A-Za-z][A-Za-z0-9_]*)";

/** Forms of texts that an editor can check while one types; everything else is checked by `policy check`. */
export const patterns: ReadonlyMap<string, string> = new Map([
  ["policy.version", "^(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)$"],
  ["version.version", "^(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)$"],
  ["version.extends", "^(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)\\.(?:0|[1-9][0-9]*)$"],
  ["policy.programme", "^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"],
  ["parameter.range", "^ *-?[0-9.]+ *(?:%|[a-zA-Z]+)? +to +-?[0-9.]+ *(?:%|[a-zA-Z]+)? *$"],
  ["consequences.traffic", "^x *[0-9.]+$"],
  ["consequences.payout", "^after +[0-9]+ *days?$"],
  ["consequences.orders", "^at +most +[0-9]+ +a +day$"],
  ["consequences.fee", "^[0-9.]+ *%$"],
  [
    "movement.evaluate",
    "^(?:every (?:day|week|month|quarter|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)|day [0-9]{1,2} of month|day 1 of quarter|first (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day of (?:month|quarter))$",
  ],
  ["move.after", "^[0-9]+ *evaluations?$"],
  ["move.by", "^[0-9]+ *tiers?$"],
  ["shield.for", "^[0-9]+ *(?:days?|weeks?)$"],
  ["tier.hold", "^[0-9]+ *(?:days?|weeks?)$"],
  ["shorten.by", "^[0-9]+ *(?:days?|weeks?)$"],
  ["protect.for", "^[0-9]+ *(?:days?|weeks?)$"],
  ["ledger.expire", "^after +[0-9]+ *(?:days?|weeks?)$"],
  ["share.wilson", "^(?:lower|upper) +[A-Za-z0-9_.]+ *%?$"],
  ["percentile.at_least", "^[0-9]+ *periods?$"],
  ["rank.of at least", "^[0-9]+ *peers?$"],
  ["ratio.of at least", "^[0-9]+ *peers?$"],
]);

/** YAML editors read `85` and `true` as number and boolean before they check; the language reads the text. */
export const scalar: JsonSchema = { type: ["string", "number", "boolean"] };

export const flag: JsonSchema = { enum: [true, false, "true", "false"] };

/** What stands under keys that hold more than one text. */
const contents: ReadonlyMap<string, JsonSchema> = new Map<string, JsonSchema>([
  ["policy.parameters", named({ oneOf: [{ $ref: "#/$defs/parameter" }, { $ref: "#/$defs/parameterByText" }] })],
  ["policy.windows", named({ type: "string", description: "Like '3 months if orders over 3 months >= 400 else 12 months'." })],
  ["policy.metrics", named({ $ref: "#/$defs/metric" })],
  ["policy.scores", named({ $ref: "#/$defs/score" })],
  ["policy.ledgers", named({ $ref: "#/$defs/ledger" })],
  ["policy.caps", { type: "array", items: { $ref: "#/$defs/cap" } }],
  ["policy.conditions", named({ type: "string", description: "A condition, like 'orders_84 >= 30 and overall is known'." })],
  ["policy.tiers", { type: "array", minItems: 1, items: { ...named({ $ref: "#/$defs/tier" }), minProperties: 1, maxProperties: 1 } }],
  ["policy.movement", { $ref: "#/$defs/movement" }],
  ["version.set", { type: "object", description: "Path: the new value." }],
  ["version.add", { type: "object", description: "Path: the added value." }],
  ["version.remove", { type: "array", items: { type: "string" } }],
  ["curve.curve", anchors()],
  ["step.step", anchors()],
  ["logistic.logistic", anchors()],
  ["parameterByText.in", { type: "object", minProperties: 1, additionalProperties: scalar }],
  ["ledger.lines", { type: "array", minItems: 1, items: { $ref: "#/$defs/line" } }],
  ["ledger.take back", { $ref: "#/$defs/takeBack" }],
  ["tier.shorten", { $ref: "#/$defs/shorten" }],
  ["tier.replaces", { type: "array", minItems: 1, items: { type: "string" } }],
  ["weighted.weighted", named({ ...scalar, description: "A weight above 0, or a parameter." })],
  ["tier.adverse", flag],
  ["tier.terminal", flag],
  ["tier.consequences", { $ref: "#/$defs/consequences" }],
  ["movement.promote", { $ref: "#/$defs/move" }],
  ["movement.demote", { $ref: "#/$defs/move" }],
  ["movement.shield", { $ref: "#/$defs/shield" }],
  ["movement.protect", { $ref: "#/$defs/protect" }],
]);

const rules = new WeakMap<JsonSchema, KeyRule>();

/** The schema of one policy file: a whole policy, or a version that extends another. JSON Schema 2020-12. */
export const policyJsonSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Counterweight policy",
  description: "One version of a programme that scores the entities of a marketplace and puts them in tiers.",
  if: { required: ["extends"] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { $ref: "#/$defs/version" },
  else: { $ref: "#/$defs/policy" },
  $defs: {
    policy: objectOf("policy"),
    version: objectOf("version"),
    parameter: objectOf("parameter"),
    parameterByText: objectOf("parameterByText"),
    metric: { oneOf: metricKinds.map((kind) => objectOf(kind)) },
    score: { oneOf: (["curve", "step", "logistic", "weighted", "scoreValue"] as const).map((kind) => objectOf(kind)) },
    ledger: objectOf("ledger"),
    line: objectOf("line"),
    takeBack: objectOf("takeBack"),
    cap: objectOf("cap"),
    tier: objectOf("tier"),
    shorten: objectOf("shorten"),
    consequences: objectOf("consequences"),
    movement: objectOf("movement"),
    move: objectOf("move"),
    shield: objectOf("shield"),
    protect: objectOf("protect"),
  },
};

function objectOf(shapeName: ShapeName): JsonSchema {
  const schema = objectSchema(shapes[shapeName], (key) => {
    const pattern = patterns.get(`${shapeName}.${key}`);
    return contents.get(`${shapeName}.${key}`) ?? (pattern === undefined ? undefined : { type: "string", pattern });
  });
  for (const [key, property] of Object.entries(schema["properties"] as Readonly<Record<string, JsonSchema>>)) {
    const rule = (shapes[shapeName] as Shape)[key];
    if (rule !== undefined) rules.set(property, rule);
  }
  return schema;
}

/** What the schema of a key was made from; undefined for what stands under no key of the language. */
export function ruleOf(schema: JsonSchema): KeyRule | undefined {
  return rules.get(schema);
}

/** The schema of a mapping with these keys and no other. `contentOf`: what stands under a key, where that is more than any one text. */
export function objectSchema(shape: Shape, contentOf: (key: string) => JsonSchema | undefined): JsonSchema {
  const required = Object.entries(shape).flatMap(([key, rule]) => (rule.required === true ? [key] : []));
  const properties = Object.entries(shape).map(([key, rule]) => [key, schemaOfValue(rule, contentOf(key))] as const);
  return { type: "object", additionalProperties: false, required, properties: Object.fromEntries(properties) };
}

function schemaOfValue(rule: KeyRule, content: JsonSchema | undefined): JsonSchema {
  const description = rule.form === undefined ? rule.about : `${rule.about} Like '${rule.form}'.`;
  if (content === undefined) return { ...scalar, description };
  return "$ref" in content ? { ...content, description } : { description, ...content };
}

/** A mapping of names to values. */
export function named(value: JsonSchema): JsonSchema {
  return { type: "object", propertyNames: { pattern: name }, additionalProperties: value };
}

function anchors(): JsonSchema {
  return { type: "array", minItems: 2, items: { type: "string", pattern: `^${constant} *-> *${constant}$` } };
}
