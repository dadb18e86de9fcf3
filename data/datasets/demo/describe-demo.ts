/** Writes the descriptor of a demo dataset. */
import { stringify } from "yaml";
import { countText, formatDay } from "../../foundation/index.ts";
import { auditShares, behaviour } from "./enforcement.ts";
import type { DemoKind } from "./life.ts";
import type { Market } from "./market.ts";

/** The descriptor, in the form that every dataset has. */
export function describeDemo(kind: DemoKind, market: Market, size: { entities: number }): string {
  const dataset = `demo-${kind.entity}s`;
  return stringify(
    {
      dataset,
      title: kind.title,
      entity: kind.entity,
      grain: "week",
      currency: "USD",
      known_at: formatDay(market.knownAt),
      key: [kind.key],
      gmv: "gmv",
      orders: "orders",
      source:
        `Generated: ${countText(size.entities)} ${kind.entity}s, ${countText(market.weeks)} weeks, seed ${market.seed}. No real marketplace is behind it. ` +
        (kind.entity === "seller"
          ? `A carrier strike in ${kind.regions[market.strikeRegion] ?? ""} makes dispatches and deliveries late for three weeks, through nobody's fault.`
          : ""),
      known_truth: "truth.parquet",
      files: [panelFile(kind), entitiesFile(kind), eventsFile, outcomesFile],
      outcomes: outcomes(kind),
    },
    { lineWidth: 0 },
  );
}

function panelFile(kind: DemoKind): object {
  const measures = kind.measures.map(({ name, unit, title, partOf }) => [
    name,
    { flow: unit, title, ...(partOf === undefined ? {} : { part_of: partOf }) },
  ]);
  const columns = { ...Object.fromEntries(measures), tier: { assigned_tier: kind.tiers } };
  return { path: "panel.parquet", holds: "panel", period: "week_end", known_at: "known_on", columns };
}

function entitiesFile(kind: DemoKind): object {
  const columns = {
    [kind.regionName]: { attribute: "text", title: capitalised(kind.regionName) },
    [kind.categoryName]: { attribute: "text", title: capitalised(kind.categoryName) },
    opened_on: { attribute: "day", title: "Opened on" },
  };
  return { path: "entities.parquet", holds: "entities", columns };
}

const eventsFile = {
  path: "events.parquet",
  holds: "events",
  id: "id",
  day: "day",
  known_at: "known_on",
  kind: "kind",
  points: "points",
  severity: "severity",
  fields: { type: "type", about: "about" },
  kinds: { violation: "Violation", appeal: "Appeal filed", appeal_granted: "Appeal granted", appeal_rejected: "Appeal rejected" },
};

const outcomesFile = {
  path: "outcomes.parquet",
  holds: "outcomes",
  day: "about",
  source: "source",
  outcome: "outcome",
  known_at: "known_on",
  probability: "probability",
};

function outcomes(kind: DemoKind): object {
  const share = `${Math.round(kind.harmfulShare * 100)} %`;
  const bad = kind.badMeasures.map((name) => name.replaceAll("_", " ")).join(" plus ");
  const { small, large, largeOrders } = auditShares;
  return {
    audit: {
      kind: "state",
      role: "audit",
      lag: "21 days",
      title: "Random audits",
      definition:
        `An audit at the month's end finds out what is really so: harmful when the expected ${bad} exceed ${share} of orders. ` +
        `${large * 100} % of those with ${largeOrders} or more orders in four weeks are picked, ${small * 100} % of the others.`,
    },
    appeal: {
      kind: "state",
      role: "appeal",
      lag: "60 days",
      title: "Decided appeals",
      definition: "An appeal against a violation: granted is fine, rejected is harmful. Who appeals is not random.",
    },
    bad_orders_91: {
      kind: "future",
      role: "behaviour",
      horizon: `${behaviour.weeks * 7} days`,
      lag: `${behaviour.lagDays} days`,
      measures: kind.badMeasures,
      title: `Bad orders in the next ${behaviour.weeks} weeks`,
      definition:
        `Harmful: ${bad} exceed ${share} of orders in the ${behaviour.weeks} weeks after the date. ` +
        `Unlabelled: fewer than ${behaviour.baseMin} orders, or gone within them.`,
    },
  };
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
