/** Every key of the language as data: the checker, the JSON Schema and the reference are made from this one table. */

/** One key of a mapping. */
export interface KeyRule {
  readonly required?: true;
  /** What stands under it. */
  readonly holds: "text" | "map" | "list" | "text or map";
  /** The form of a text, by example. */
  readonly form?: string;
  readonly about: string;
}

/** The keys that one mapping knows. */
export type Shape = Readonly<Record<string, KeyRule>>;

const title: KeyRule = { holds: "text", form: "Late dispatch rate", about: "For people. Default: the name with spaces." };
const over: KeyRule = {
  required: true,
  holds: "text",
  form: "28 days",
  about: "The window: days, weeks, periods, months, quarters, years or lifetime.",
};
const atLeast: KeyRule = { holds: "text", form: "20 orders", about: "Fewer than this in the window: the metric is missing." };

export const shapes = {
  policy: {
    programme: { required: true, holds: "text", form: "seller-performance", about: "The family of policies." },
    version: { required: true, holds: "text", form: "1.0.0", about: "Three whole numbers." },
    title: { required: true, holds: "text", form: "Seller performance", about: "For people." },
    entity: { required: true, holds: "text", form: "seller", about: "What is scored." },
    rationale: {
      required: true,
      holds: "text",
      form: "Why this version exists.",
      about: "Why the policy is as it is, in a few sentences.",
    },
    parameters: { holds: "map", about: "Named numbers that may be moved within a range." },
    metrics: { holds: "map", about: "Numbers computed from the history." },
    scores: { holds: "map", about: "Numbers from 0 to 100, by curves and weights." },
    conditions: { holds: "map", about: "Named yes-or-no questions." },
    tiers: { required: true, holds: "list", about: "The ladder, best first: an entity merits the first tier whose condition holds." },
    otherwise: { holds: "text", form: "unrated", about: "The tier off the ladder, when no condition holds." },
    movement: { required: true, holds: "map", about: "How the merited tier becomes the held one." },
  },
  version: {
    extends: { required: true, holds: "text", form: "1.0.0", about: "The version that this one changes." },
    programme: { holds: "text", form: "seller-performance", about: "The family of policies. Default: the folder's name." },
    version: { required: true, holds: "text", form: "1.1.0", about: "Three whole numbers." },
    title: { holds: "text", form: "Seller performance", about: "For people. Default: the extended version's." },
    rationale: { holds: "text", form: "Why this version exists.", about: "Why it changes. Default: the extended version's." },
    set: { holds: "map", about: "Path: the new value. A node is replaced, never merged." },
    add: { holds: "map", about: "Path: a value that is not there yet. A tier says 'below: tier' or 'above: tier'." },
    remove: { holds: "list", about: "Paths that go." },
  },
  parameter: {
    value: { required: true, holds: "text", form: "8 %", about: "The number, with its unit." },
    range: { holds: "text", form: "4 % to 15 %", about: "How far it may be moved. Without it, it is fixed." },
    title,
  },
  share: {
    share: {
      required: true,
      holds: "text",
      form: "late_dispatches of due_dispatches",
      about: "A part over its whole. Missing when the whole is 0.",
    },
    over,
    at_least: atLeast,
    shrink: {
      holds: "text",
      form: "towards 6 % with 20 reviews",
      about: "Adds that many cases at that share, so that small volumes lean towards it.",
    },
    title,
  },
  mean: {
    mean: { required: true, holds: "text", form: "rating_sum per reviews", about: "A sum over a count. Missing when the count is 0." },
    over,
    at_least: atLeast,
    title,
  },
  sum: { sum: { required: true, holds: "text", form: "orders", about: "A total over the window." }, over, at_least: atLeast, title },
  count: {
    count: { required: true, holds: "text", form: "violation", about: "Events of a kind, from the day that each was known." },
    over,
    title,
  },
  last: { last: { required: true, holds: "text", form: "response_rate_shown", about: "A level as it last stood." }, title },
  since: {
    since: { required: true, holds: "text", form: "opened_on", about: "Whole days from a day attribute to the evaluation." },
    title,
  },
  value: { value: { required: true, holds: "text", form: "orders_84 / 12", about: "An expression of metrics and parameters." }, title },
  curve: {
    from: { required: true, holds: "text", form: "late_dispatch_rate", about: "The metric or score that is read." },
    curve: { required: true, holds: "list", form: "0 % -> 100", about: "Anchors; straight lines between them, flat outside." },
    round: { holds: "text", form: "1", about: "Decimals, 0 to 9. Default 6." },
    title,
  },
  step: {
    from: { required: true, holds: "text", form: "late_dispatch_rate", about: "The metric or score that is read." },
    step: {
      required: true,
      holds: "list",
      form: "0 % -> 100",
      about: "Anchors; from each on, its value holds. Below the first, the first's.",
    },
    round: { holds: "text", form: "1", about: "Decimals, 0 to 9. Default 6." },
    title,
  },
  weighted: {
    weighted: { required: true, holds: "map", about: "Score: weight. The sum of weight times score over the sum of weights." },
    missing: {
      holds: "text",
      form: "share out",
      about: "'share out' over the parts that are there, or a number that stands in. Default: missing when any part is.",
    },
    round: { holds: "text", form: "1", about: "Decimals, 0 to 9. Default 6." },
    title,
  },
  tier: {
    title,
    when: { holds: "text", form: "rated and overall >= 85", about: "Default: always." },
    adverse: { holds: "text", form: "true", about: "Whether the tier restricts. Default false." },
    consequences: { holds: "map", about: "What the tier does." },
    hold: { holds: "text", form: "28 days", about: "Once entered it is held at least this long." },
    terminal: { holds: "text", form: "true", about: "Whether it is never left. Default false." },
  },
  consequences: {
    traffic: { holds: "text", form: "x 1.15", about: "Multiplier of traffic." },
    payout: { holds: "text", form: "after 8 days", about: "Days until a sale is paid out." },
    orders: { holds: "text", form: "at most 50 a day", about: "Cap of orders." },
    fee: { holds: "text", form: "5 %", about: "Fee as a share of sales." },
  },
  movement: {
    evaluate: {
      required: true,
      holds: "text",
      form: "every week",
      about: "every day, week, month or quarter, every Monday, or day 20 of month.",
    },
    start: {
      holds: "text",
      form: "standard",
      about: "The tier held before the first evaluation. Default: the first evaluation's merited tier is held at once.",
    },
    promote: { holds: "map", about: "Default: after 1 evaluation, any number of tiers." },
    demote: { holds: "map", about: "Default: after 1 evaluation, any number of tiers." },
    shield: { holds: "map", about: "While it runs, no adverse tier is held." },
  },
  move: {
    after: { holds: "text", form: "2 evaluations", about: "Consecutive evaluations on that side of the held tier. Default 1." },
    by: { holds: "text", form: "1 tier", about: "Tiers at a time at most. Default: any number." },
  },
  shield: {
    for: { required: true, holds: "text", form: "60 days", about: "How long." },
    since: { required: true, holds: "text", form: "opened_on", about: "The day attribute from which it runs." },
  },
  inForce: {
    programme: { required: true, holds: "text", form: "seller-performance", about: "The family of policies." },
    in_force: { required: true, holds: "list", about: "Versions in order of time." },
  },
  inForceSpan: {
    version: { required: true, holds: "text", form: "1.0.0", about: "The version." },
    from: { required: true, holds: "text", form: "2024-02-29", about: "The first day on which it held." },
  },
} as const satisfies Record<string, Shape>;

/** The name of a shape. */
export type ShapeName = keyof typeof shapes;
