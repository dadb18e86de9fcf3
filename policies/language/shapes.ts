/** Every key of the language as data: the checker, the JSON Schema and the reference are made from this one table. */
import { computed, type KeyRule, type Shape, titled } from "./key-rule.ts";
import { metricShapes, where } from "./metric-shapes.ts";

const from: KeyRule = {
  required: true,
  holds: "text",
  names: ["metric", "score"],
  form: "late_dispatch_rate",
  about: "The metric or score that is read.",
};
const round: KeyRule = { holds: "text", form: "1", about: "Decimals, 0 to 9. Default 6." };

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
    windows: { holds: "map", names: ["measure"], about: "Windows with a name, chosen by volume." },
    metrics: { holds: "map", about: "Numbers computed from the history." },
    scores: { holds: "map", about: "Numbers from 0 to 100, by curves and weights." },
    ledgers: { holds: "map", about: "Points that events and evaluations add to, that expire or reset." },
    conditions: { holds: "map", names: computed, about: "Named yes-or-no questions." },
    tiers: { required: true, holds: "list", about: "The ladder, best first: an entity merits the first tier whose condition holds." },
    otherwise: { holds: "text", names: ["tier"], form: "unrated", about: "The tier off the ladder, when no condition holds." },
    caps: { holds: "list", about: "Tiers that nobody may be better than while a condition holds." },
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
    title: titled("Score that gold asks for"),
  },
  parameterByText: {
    by: {
      required: true,
      holds: "text",
      names: ["attribute", "metric"],
      form: "market",
      about: "The attribute, or metric of kind 'largest', that it depends on.",
    },
    in: { required: true, holds: "map", about: "Each of its texts with the number for it. A text without one is an error." },
    title: titled("Claims that green allows"),
  },
  ...metricShapes,
  curve: {
    from,
    curve: {
      required: true,
      holds: "list",
      names: ["parameter"],
      form: "0 % -> 100",
      about: "Anchors; straight lines between them, flat outside.",
    },
    round,
    title: titled("Dispatch"),
  },
  step: {
    from,
    step: {
      required: true,
      holds: "list",
      names: ["parameter"],
      form: "0 % -> 100",
      about: "Anchors; from each on, its value holds. Below the first, the first's.",
    },
    round,
    title: titled("Conduct"),
  },
  logistic: {
    from,
    logistic: {
      required: true,
      holds: "list",
      names: ["parameter"],
      form: "4 % -> 50",
      about: "Two anchors; the S-shaped curve from 0 to 100 through both.",
    },
    round,
    title: titled("Reviews"),
  },
  scoreValue: {
    value: { required: true, holds: "text", names: computed, form: "100 - 5 * cases", about: "An expression, cut to 0 to 100." },
    round,
    title: titled("Care"),
  },
  weighted: {
    weighted: {
      required: true,
      holds: "map",
      names: ["parameter"],
      keyNames: ["score", "metric"],
      about: "Score: weight. The sum of weight times score over the sum of weights.",
    },
    missing: {
      holds: "text",
      form: "share out",
      about: "'share out' over the parts that are there, or a number that stands in. Default: missing when any part is.",
    },
    round,
    title: titled("Overall"),
  },
  ledger: {
    start: { required: true, holds: "text", form: "0 points", about: "What it holds without entries." },
    lines: { required: true, holds: "list", about: "What adds and deducts." },
    "take back": { holds: "map", about: "Events that take entries back." },
    expire: { holds: "text", form: "after 180 days", about: "How long an entry lives, from its day. Without it and 'reset': for ever." },
    reset: { holds: "text", form: "first Monday of quarter", about: "The dates on which all entries end." },
    within: { holds: "text", form: "0 to 60 points", about: "Bounds, applied when it is read." },
    title: titled("Penalty points"),
  },
  line: {
    each: { holds: "text", form: "Monday", about: "At evaluations on such dates: Monday, day 1 of month, ..; or for so many: 200 orders." },
    "when event": { holds: "text", names: ["event"], form: "violation", about: "For every event of this kind." },
    where,
    when: { holds: "text", names: computed, form: "late_rate >= 10 %", about: "Only while this holds of the entity." },
    add: {
      holds: "text",
      names: ["parameter", "field", "function"],
      form: "1 point",
      about: "Points added: a number, event.points or an expression.",
    },
    deduct: { holds: "text", names: ["parameter", "field", "function"], form: "4 points", about: "Points deducted." },
    "at most": { holds: "text", names: ["parameter"], form: "800 points", about: "What this line's live entries count for at most." },
  },
  takeBack: {
    "when event": { required: true, holds: "text", names: ["event"], form: "appeal_granted", about: "The kind of event that takes back." },
    of: {
      required: true,
      holds: "text",
      names: ["event"],
      form: "violation",
      about: "The kind of event whose entries go; the field 'about' names it by id.",
    },
  },
  cap: {
    "at most": { required: true, holds: "text", names: ["tier"], form: "frozen", about: "The best tier that is still possible." },
    when: { required: true, holds: "text", names: computed, form: "violations_alike >= 6", about: "While this is true." },
  },
  tier: {
    title: titled("Campaigns off"),
    when: { holds: "text", names: computed, form: "rated and overall >= 85", about: "Default: always." },
    adverse: { holds: "text", form: "true", about: "Whether the tier restricts. Default false." },
    consequences: { holds: "map", about: "What the tier does." },
    hold: { holds: "text", form: "28 days", about: "Once entered it is held at least this long." },
    shorten: { holds: "map", about: "Events that take days off a running hold." },
    terminal: { holds: "text", form: "true", about: "Whether it is never left. Default false." },
    replaces: { holds: "list", form: "bronze", about: "Tiers of earlier versions in force whose place this one takes." },
  },
  shorten: {
    "when event": { required: true, holds: "text", names: ["event"], form: "quiz_passed", about: "The kind of event." },
    by: { required: true, holds: "text", form: "7 days", about: "How much each takes off." },
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
      about: "every day, week, month or quarter, every Monday, day 20 of month, or first Monday of month or quarter.",
    },
    start: {
      holds: "text",
      names: ["tier"],
      form: "standard",
      about: "The tier held before the first evaluation. Default: the first evaluation's merited tier is held at once.",
    },
    promote: { holds: "map", about: "Default: after 1 evaluation, any number of tiers." },
    demote: { holds: "map", about: "Default: after 1 evaluation, any number of tiers." },
    shield: { holds: "map", about: "While it runs, no adverse tier is held." },
    protect: { holds: "map", about: "After an event, for a time, no tier worse than one is shown." },
  },
  move: {
    after: { holds: "text", form: "2 evaluations", about: "Consecutive evaluations on that side of the held tier. Default 1." },
    by: { holds: "text", form: "1 tier", about: "Tiers at a time at most. Default: any number." },
  },
  shield: {
    for: { required: true, holds: "text", form: "60 days", about: "How long." },
    since: { required: true, holds: "text", names: ["attribute"], form: "opened_on", about: "The day attribute from which it runs." },
  },
  protect: {
    "when event": { required: true, holds: "text", names: ["event"], form: "guarantee_paid", about: "The kind of event." },
    "show at least": { required: true, holds: "text", names: ["tier"], form: "light_green", about: "The tier that is held at least." },
    for: { holds: "text", form: "120 days", about: "How long, from the day the event was known." },
    until: {
      holds: "text",
      names: ["measure"],
      form: "10 affected_sales",
      about: "Until so many in the periods that began after that day.",
    },
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
