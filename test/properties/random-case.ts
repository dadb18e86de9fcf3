/** One random policy with one random panel, drawn together so that both shrink. */
import type { GeneratorValue } from "fast-check";
import { canonicalJson, type Grain } from "../../data/foundation/index.ts";
import { type Panel, type PanelSchema, type PlainPanel, panelFromRows } from "../../data/panel/index.ts";
import { type EntityHistory, entityHistory } from "../../policies/explain/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { Draw } from "./draw.ts";
import { drawPlainPanel, randomSchema } from "./random-panel.ts";
import { drawPolicy, drawSteeredPolicy, type PolicyOptions } from "./random-policy.ts";
import { swell } from "./swell.ts";

/** What a law is tried on. */
export interface RandomCase {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly plain: PlainPanel;
  readonly panel: Panel;
  readonly histories: readonly EntityHistory[];
  readonly draw: Draw;
}

/** Draws a case of any grain. `core`: with a policy of what SQL speaks too. `swollen`: with numbers that overflow. */
export function drawCase(g: GeneratorValue, options: PolicyOptions & { readonly swollen?: boolean } = {}): RandomCase {
  const draw = new Draw(g);
  const grain = draw.pick<Grain>(["week", "month", "day"]);
  const schema = randomSchema(grain);
  const drawn = { policy: drawAnyPolicy(draw, grain, options), plain: drawPlainPanel(draw, schema) };
  const { policy, plain } = options.swollen === true ? swell(draw, drawn.policy, drawn.plain) : drawn;
  const panel = panelFromRows(plain);
  return { policy, schema, plain, panel, histories: historiesOf(panel), draw };
}

/** A policy as cases have it: half of them steered through the rules of movement. */
export function drawAnyPolicy(draw: Draw, grain: Grain, options: PolicyOptions = {}): Policy {
  const policy = draw.chance(2) ? drawSteeredPolicy(draw, grain, options) : drawPolicy(draw, grain, options);
  return options.core !== true && draw.chance(4) ? inDollars(policy) : policy;
}

/** The policy with every amount in USD: its own numbers, and what it reads of a panel in EUR. */
function inDollars(policy: Policy): Policy {
  return JSON.parse(JSON.stringify(policy), (key, value: unknown) => {
    if (key === "currency" && value === "EUR") return "USD";
    return (key === "name" || key === "measure") && (value === "gmv" || value === "balance") ? `${value} in USD` : value;
  }) as Policy;
}

/** Every entity's history, in panel order. */
export function historiesOf(panel: Panel): readonly EntityHistory[] {
  return Array.from({ length: panel.chunkCount }, (_, index) => panel.readChunk(index)).flatMap((chunk) =>
    chunk.entities.map((_, entity) => entityHistory(panel.schema, chunk, entity)),
  );
}

/** The case as text for a failing test's message: what to paste to see it again. */
export function describeCase({ policy, plain }: RandomCase): string {
  const { schema: _schema, ...facts } = plain;
  return canonicalJson({ policy, facts });
}
