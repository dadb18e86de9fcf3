/** Checked expressions: small, typed, total and safe. Plain data; no user text survives into it. */

/**
 * What a value counts in. Money is in hundredths of a currency, the panel's where none is told; a share is a fraction of 1; a date is a day
 * number.
 */
export type ValueUnit = "number" | "count" | "share" | "money" | "points" | "days" | "hours" | "date";

/**
 * What a name stands for once it is checked. `event`: a field of the event at hand: a text field by its name; `points`, a number;
 * `number`, the how manieth event of its kind it is for the entity, in order of (known day, id), from 1. `today`: the evaluation's date.
 */
export type ReferenceKind = "measure" | "metric" | "score" | "ledger" | "parameter" | "condition" | "attribute" | "event" | "today";

/** Arithmetic, comparison and logic over named values. A division by zero is missing; missing spreads; comparisons with missing are unknown. */
export type Expression =
  /** Money carries the currency that was written: `300 USD` is 30000 minor units. */
  | { readonly kind: "number"; readonly value: number; readonly unit: ValueUnit; readonly currency?: string }
  | { readonly kind: "text"; readonly value: string }
  /** A measure that is read in another currency goes by its name and that: `gmv in USD`. */
  | { readonly kind: "reference"; readonly to: ReferenceKind; readonly name: string }
  | { readonly kind: "negate"; readonly operand: Expression }
  | { readonly kind: "arithmetic"; readonly operator: "+" | "-" | "*" | "/"; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "compare";
      readonly operator: "<" | "<=" | ">" | ">=" | "=" | "!=";
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "logic"; readonly operator: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "known"; readonly operand: Expression }
  | { readonly kind: "member"; readonly operand: Expression; readonly values: readonly string[] }
  | {
      readonly kind: "call";
      readonly function: "min" | "max" | "clamp" | "floor" | "ceil" | "round" | "abs";
      readonly arguments: readonly Expression[];
    }
  | { readonly kind: "if"; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression };

/** A fixed quantity of a policy: a literal or a parameter. */
export type Constant =
  | Extract<Expression, { kind: "number" }>
  | { readonly kind: "reference"; readonly to: "parameter"; readonly name: string };
