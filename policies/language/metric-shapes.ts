/** The keys of each kind of metric. */
import { computed, type KeyRule, type Shape, titled } from "./key-rule.ts";

const over: KeyRule = {
  required: true,
  holds: "text",
  names: ["window"],
  form: "28 days",
  about: "The window: days, weeks, periods, months, quarters, years, lifetime, 'last 100 orders', or the name of a window.",
};
/** Which events count. */
export const where: KeyRule = {
  holds: "text",
  names: ["field", "parameter"],
  form: "severity = high",
  about: "Only events for which this holds. Names are fields of the event.",
};
const atLeast: KeyRule = {
  holds: "text",
  names: ["measure"],
  form: "20 orders",
  about: "Fewer than this in the window: the metric is missing.",
};

/** Who the peers are that a metric compares with. */
const amongPeers = {
  among: {
    required: true,
    holds: "text",
    names: ["attribute"],
    form: "category",
    about: "Who is a peer: the same value of this attribute, or everyone.",
  },
  "of at least": { required: true, holds: "text", form: "30 peers", about: "Fewer: the metric is missing." },
} as const satisfies Shape;

export const metricShapes = {
  share: {
    share: {
      required: true,
      holds: "text",
      names: ["measure"],
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
    wilson: {
      holds: "text",
      form: "upper 95 %",
      about: "That end of the Wilson interval instead of the share: small volumes get the doubt.",
    },
    title: titled("Late dispatch rate"),
  },
  mean: {
    mean: {
      required: true,
      holds: "text",
      names: ["measure"],
      form: "rating_sum per reviews",
      about: "A sum over a count. Missing when the count is 0.",
    },
    over,
    at_least: atLeast,
    title: titled("Average rating"),
  },
  sum: {
    sum: { required: true, holds: "text", names: ["measure"], form: "orders", about: "A total over the window." },
    over,
    at_least: atLeast,
    title: titled("Orders in 12 weeks"),
  },
  count: {
    count: {
      required: true,
      holds: "text",
      names: ["event"],
      form: "violation",
      about: "Events of a kind, from the day that each was known.",
    },
    where,
    "most alike by": { holds: "text", names: ["field"], form: "type", about: "Counts only the most that agree in this field." },
    over,
    title: titled("Violations in 90 days"),
  },
  distinct: {
    distinct: {
      required: true,
      holds: "text",
      names: ["event", "field"],
      form: "buyer of defect",
      about: "How many different values of a field events of a kind have.",
    },
    where,
    over,
    title: titled("Buyers with a defect"),
  },
  percentile: {
    percentile: {
      required: true,
      holds: "text",
      names: ["measure"],
      form: "90 % of response_hours",
      about: "The value that this share of the window's periods do not exceed.",
    },
    over,
    at_least: { holds: "text", form: "6 periods", about: "Fewer periods with a value: the metric is missing." },
    title: titled("Hours to answer, slowest tenth"),
  },
  largest: {
    largest: {
      required: true,
      holds: "text",
      names: ["measure"],
      form: "delivered_orders",
      about: "A text: the one with the largest total of this.",
    },
    by: {
      required: true,
      holds: "text",
      names: ["attribute"],
      form: "category",
      about: "The attribute of the rows whose texts are compared.",
    },
    over,
    title: titled("Main category"),
  },
  last: {
    last: { required: true, holds: "text", names: ["measure"], form: "response_rate_shown", about: "A level as it last stood." },
    title: titled("Response rate"),
  },
  since: {
    since: {
      required: true,
      holds: "text",
      names: ["attribute", "event"],
      form: "opened_on",
      about: "Whole days to the evaluation from a day attribute, or from the latest event of a kind.",
    },
    title: titled("Days on the platform"),
  },
  unbroken: {
    unbroken: {
      required: true,
      holds: "text",
      names: computed,
      form: "fails_minimum",
      about: "Days for which a condition has been true without a break.",
    },
    title: titled("Days below the minimum"),
  },
  rank: {
    rank: {
      required: true,
      holds: "text",
      names: ["metric", "score"],
      form: "handling_hours",
      about: "Where this metric or score stands among peers: 0 % to 100 %, mid-rank.",
    },
    ...amongPeers,
    title: titled("Handling time among peers"),
  },
  ratio: {
    ratio: {
      required: true,
      holds: "text",
      names: ["metric", "score"],
      form: "handling_hours",
      about: "This metric or score over the median of the peers.",
    },
    ...amongPeers,
    title: titled("Handling time over the median"),
  },
  value: {
    value: {
      required: true,
      holds: "text",
      names: computed,
      form: "orders_84 / 12",
      about: "An expression of whatever the policy computes.",
    },
    within: { holds: "text", form: "0 to 1000", about: "What lies outside is read as the nearer end." },
    title: titled("Orders a week"),
  },
} as const satisfies Record<string, Shape>;
