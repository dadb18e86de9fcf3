/** Every key of a design file as data: the reader, the JSON Schema and the reference are made from this table. */
import type { Shape } from "../../../policies/language/index.ts";

const column = (about: string) => ({ holds: "text", form: "retained_7", about }) as const;

/** By mapping. */
export const designShapes = {
  design: {
    experiment: { required: true, holds: "text", form: "gold-line-2", about: "Its name: lower-case letters, digits and hyphens." },
    title: { required: true, holds: "text", form: "A gentler line for gold", about: "For people." },
    hypothesis: { required: true, holds: "text", form: "Sellers near the line stay longer.", about: "What is expected, and why." },
    unit: { required: true, holds: "text", form: "seller", about: "What is randomised." },
    arms: { required: true, holds: "map", about: "Arms with their shares; the first is the control." },
    assignment: { required: true, holds: "map", about: "How units come into arms." },
    columns: { required: true, holds: "map", about: "Which column of the observations is what." },
    metrics: { required: true, holds: "map", about: "What is measured, at least one of it primary." },
    segments: { holds: "list", about: "Text columns by which effects are broken down." },
    plan: { required: true, holds: "map", about: "Level, power, looks, length." },
    forecast: {
      holds: "text",
      form: "3f2a9c41d07b",
      about: "The comparison that proposed it: id of the run. Every arm names its policy; the control's is the baseline.",
    },
  },
  arm: {
    share: { required: true, holds: "text", form: "50 %", about: "Its share of the units." },
    policy: { holds: "text", form: "seller-performance@2.0.0", about: "The policy version that it lives under." },
  },
  assignment: {
    salt: { holds: "text", form: "gold-line-2", about: "The text that units are dealt by; another salt deals anew." },
    algorithm: { holds: "text", form: "sha256-1", about: "'sha256-1' (default) or 'growthbook-2'." },
    recorded: {
      holds: "text",
      form: "true",
      about:
        "'true': the arm is what the observations say. In place of a salt; with 'cluster' or 'switchback' where that is what was dealt.",
    },
    cluster: column("A column (category, market) whose values are dealt, all of their units together."),
    switchback: { holds: "map", about: "Every unit is dealt anew in every span of days." },
    strata: { holds: "list", about: "Text columns: a list of units is dealt as planned within every combination of their values." },
    balance: {
      holds: "list",
      about:
        "Columns of numbers from before: of many deals of the list the first is taken under which the arms are as alike as in the best hundredth.",
    },
    layer: { holds: "map", about: "The part of a layer that the experiment takes its units from." },
    holdout: { holds: "map", about: "Units that are kept out of all experiments which name it." },
    ramp: {
      holds: "text",
      form: "20 %",
      about: "The share of every arm that is in the experiment so far; it may only grow. Default 100 %.",
    },
    measures: {
      holds: "text",
      form: "holdout-2025",
      about:
        "A holdout, in place of a salt: the first arm is the units that it keeps out, the second all others, so that what was shipped to these is measured in total. The first arm's share is the holdout's.",
    },
    overrides: { holds: "map", about: "Units put in an arm by hand, `S0000001: gentle`; they are in no analysis." },
  },
  switchback: {
    every: { required: true, holds: "text", form: "7 days", about: "Length of a span, from the first day of the plan on." },
    washout: { holds: "text", form: "1 day", about: "Days at the beginning of a span that do not count." },
  },
  layer: {
    name: {
      required: true,
      holds: "text",
      form: "seller-policy",
      about: "Experiments of one layer whose parts do not overlap never share a unit.",
    },
    from: { required: true, holds: "text", form: "0 %", about: "Where its part begins." },
    to: { required: true, holds: "text", form: "50 %", about: "Where it ends." },
  },
  holdout: {
    name: { required: true, holds: "text", form: "holdout-2025", about: "The same name keeps out the same units." },
    share: { required: true, holds: "text", form: "5 %", about: "Of all units." },
  },
  columns: {
    unit: { required: true, ...column("The unit's key.") },
    arm: column("The unit's arm, as recorded."),
    day: column("The day that a row is about; rows of a unit are then summed."),
    exposed: column("The day on which the unit first met the change; earlier rows do not count."),
    until: column("Of summaries: the day up to which all units of a row count. Default: 'until'."),
    numbered: {
      holds: "text",
      form: "from 1",
      about:
        "The days are whole numbers: 'from 1' where the plan's start is day 1, 'from 0' where it is day 0. Without it they are YYYY-MM-DD.",
    },
  },
  metric: {
    mean: column("Mean of a column over units."),
    share: column("Share of the units whose column is not 0."),
    ratio: {
      holds: "text",
      form: "late_orders of orders",
      about:
        "Sum of one column over the sum of another; written in per cent where it is between 0 and 1, unless the text says 'gmv over orders'.",
    },
    quantile: {
      holds: "text",
      form: "90 % of delivery_hours",
      about: "The value that this share of the units lie at or below; '50 % of gmv' is the median. Without covariate, cap and summaries.",
    },
    title: { holds: "text", form: "Kept after a week", about: "For people. Default: the name with spaces." },
    role: { required: true, holds: "text", form: "primary", about: "primary, guardrail or secondary." },
    better: { required: true, holds: "text", form: "up", about: "up or down." },
    margin: {
      holds: "text",
      form: "2 % of control",
      about: "Of a guardrail: the harm to rule out, as '2 % of control' or a number in the metric's unit.",
    },
    effect: { holds: "text", form: "5 % of control", about: "The smallest effect that would matter." },
    prior: {
      holds: "text",
      form: "5 % of control around 1 % of control",
      about:
        "What is believed of the effect before the data: a normal prior's standard deviation and, behind 'around', its mean (0 without one; below 0 where a fall is expected), as shares of the control, percentage points or numbers in the metric's unit. The posterior under it stands beside the one under a flat prior.",
    },
    covariate: {
      holds: "text",
      form: "orders_before",
      about: "A column from before the experiment (CUPED); of a ratio 'late_before of orders_before'; a list for several.",
    },
    cap: { holds: "text", form: "99.9 % quantile", about: "Extreme values are drawn in: '99.9 % quantile', or a value." },
    forecast: {
      holds: "text",
      form: "platform fees",
      about: "Of a mean: which figure of the comparison it is of, where its column is not the dataset's own: gmv, orders or platform fees.",
    },
    missing: { holds: "text", form: "zero", about: "Units without a value count as 0 (default), or 'leave out'." },
    window: {
      holds: "text",
      form: "7 days",
      about:
        "Days since a unit's exposure that count: '7 days' are the day of exposure and the six after it, '1 day from day 7' is the day a week later. Units whose window is not over are left out, and said.",
    },
  },
  plan: {
    level: { holds: "text", form: "95 %", about: "Of intervals and decisions. Default 95 %." },
    power: { holds: "text", form: "80 %", about: "With which the effect is to be seen. Default 80 %." },
    looks: { holds: "text", form: "once", about: "'once' (default), '4 by obrien-fleming', '4 by pocock', or 'always valid'." },
    correction: { holds: "text", form: "holm", about: "Over primary metrics and candidates: none, holm (default) or benjamini-hochberg." },
    secondary: {
      holds: "text",
      form: "benjamini-hochberg",
      about: "Correction over secondary metrics and candidates: none (default: each is read by itself), holm or benjamini-hochberg.",
    },
    pairwise: {
      holds: "text",
      form: "holm",
      about:
        "Makes the differences between every two candidates a part of the plan, with their correction by role of the metrics: none, holm or benjamini-hochberg. Without it they are exploratory, by Holm.",
    },
    strata: {
      holds: "text",
      form: "tier",
      about:
        "One of the segments, as it was before the experiment, or a list of several, '[tier, region]', for their combinations: arms are compared within its values, and the differences averaged by the units in each (post-stratification).",
    },
    start: { holds: "text", form: "2025-03-03", about: "First day." },
    weeks: { holds: "text", form: "4", about: "Planned length." },
    interference: {
      holds: "text",
      form: "none because sellers share no buyers",
      about: "Turns off the warning that one unit sells what another loses; the reason stands beside the results.",
    },
    population: {
      holds: "text",
      form: "120000",
      about:
        "How many units a candidate would be given if it ships, for sums over all of them. Default: those of the experiment and those that its layer and ramp keep out.",
    },
    units: { holds: "text", form: "20000", about: "Planned number of units in all arms; of clusters or spans, where they are dealt." },
  },
} as const satisfies Record<string, Shape>;
