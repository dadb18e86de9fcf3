/** Worlds of one truth: the same sellers with the same true rates, and another draw of what happens to them. */
import { drawCharacter } from "../../data/datasets/demo/character.ts";
import { columnOf, makeLife } from "../../data/datasets/demo/life.ts";
import { type Market, makeMarket } from "../../data/datasets/demo/market.ts";
import { sellerKind } from "../../data/datasets/demo/seller-life.ts";
import { present, type RandomStream, randomStream } from "../../data/foundation/index.ts";
import { type Panel, type PanelSchema, type PlainRow, panelFromRows } from "../../data/panel/index.ts";
import { type Policy, readLibraryPolicy } from "../../policies/language/index.ts";
import type { NoiseFlips } from "../../simulations/comparison/fairness/noise.ts";
import { compare } from "../../simulations/comparison/index.ts";
import { sizeBands } from "../../simulations/comparison/size-bands.ts";
import { replay } from "../../simulations/replay/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";

const weeks = 30;
/** Two versions that score shares. */
export const [baseline, candidate] = ["1.0.0", "2.0.0"].map((version) =>
  present(readLibraryPolicy(`seller-performance@${version}`).policy, version),
) as [Policy, Policy];

function schemaOf(market: Market): PanelSchema {
  return {
    entity: "seller",
    grain: "week",
    firstPeriod: market.firstPeriod,
    lastPeriod: market.firstPeriod + weeks - 1,
    currency: "EUR",
    gmvMeasure: "gmv",
    ordersMeasure: "orders",
    measures: sellerKind.measures.map(({ name, unit, title, partOf }) => ({
      name,
      kind: "flow",
      unit,
      decimals: unit === "money" ? 2 : 0,
      title,
      ...(partOf === undefined ? {} : { partOf }),
    })),
    attributes: [{ name: "opened_on", scope: "entity", type: "day", title: "Opened on" }],
    events: [],
    outcomes: [],
    assignedTiers: [],
    knownAt: market.knownAt,
  };
}

/** The first draws of a life make its true rates: these come from its own stream, all else from the stream of the world. */
function sameQuality(own: RandomStream, other: RandomStream): RandomStream {
  let left = 7;
  const next = () => (left-- > 0 ? own : other);
  return { ...other, uniform: () => next().uniform(), normal: () => next().normal() };
}

/** The demo's sellers, each with its own character and true rates; what happens to them depends on the world. */
export function demoWorld(sellers: number, world: number): Panel {
  const market = makeMarket({ seed: 1, weeks });
  const life = makeLife(sellerKind, weeks);
  const rows: PlainRow[] = [];
  for (let index = 0; index < sellers; index++) {
    const { character, stream } = drawCharacter(market, "seller", index);
    sellerKind.live(character, market, sameQuality(stream, randomStream(world, "world", index)), life);
    for (let week = character.entersAt; week <= character.leavesAfter; week++) {
      rows.push({
        entity: `s${String(index).padStart(5, "0")}`,
        period: market.firstPeriod + week,
        measures: Object.fromEntries(sellerKind.measures.map(({ name }) => [name, columnOf(life, name)[week]])),
        attributes: { opened_on: character.openedOn },
      });
    }
  }
  return panelFromRows({ schema: schemaOf(market), rows, chunkEntities: 500 });
}

/** Sellers of the model itself: fixed volumes, one true rate each from a beta law, binomial weeks. */
export function modelWorld(sellers: number, world: number, chunkEntities = 500): Panel {
  const market = makeMarket({ seed: 1, weeks });
  const schema = schemaOf(market);
  const rows: PlainRow[] = [];
  for (let index = 0; index < sellers; index++) {
    const quality = randomStream(7, "quality", index);
    const chance = randomStream(world, "chance", index);
    const volume = Math.ceil(0.7 * Math.exp(1.5 * Math.abs(quality.normal())));
    const beta = (mean: number, strength: number): number => {
      const [a, b] = [quality.gamma(mean * strength), quality.gamma((1 - mean) * strength)];
      return a / (a + b);
    };
    const [late, lateDelivered, cancelled, low] = [beta(0.07, 30), beta(0.08, 40), beta(0.02, 60), beta(0.15, 15)];
    for (let week = 0; week < weeks; week++) {
      rows.push({
        entity: `s${String(index).padStart(5, "0")}`,
        period: market.firstPeriod + week,
        measures: {
          orders: volume,
          due_dispatches: volume,
          deliveries: volume,
          reviews: Math.ceil(volume / 2),
          late_dispatches: chance.binomial(volume, late),
          late_deliveries: chance.binomial(volume, lateDelivered),
          seller_cancellations: chance.binomial(volume, cancelled),
          low_reviews: chance.binomial(Math.ceil(volume / 2), low),
        },
        attributes: { opened_on: market.knownAt - 800 },
      });
    }
  }
  return panelFromRows({ schema, rows, chunkEntities });
}

/** The study of the first world. */
export function predicted(panel: Panel): NoiseFlips {
  const noise = compare({ baseline, candidates: [candidate], panel, seed: 5, replicates: 200 }).candidates[0]?.fairness?.noise;
  if (noise?.kind !== "flips") throw new Error(noise === undefined ? "no study" : noise.reason);
  return noise;
}

/** Share of entities that merit another tier in the other world, by size band of the first, and of all. */
export function counted(first: Panel, second: Panel, policy: Policy): readonly { readonly share: number; readonly entities: number }[] {
  const [here, there] = [first, second].map((panel) => {
    const found = new Map<string, { tier: number; orders: number }>();
    replay({
      policies: [policy],
      panel,
      visit: (chunk, [frame]) => {
        for (const [entity, name] of chunk.entities.entries()) {
          const row = (chunk.rowStart[entity + 1] as number) - 1;
          if ((chunk.firstPeriod[entity] as number) + row - (chunk.rowStart[entity] as number) !== panel.schema.lastPeriod) continue;
          let orders = 0;
          for (let at = Math.max(chunk.rowStart[entity] as number, row - 11); at <= row; at++) orders += chunk.measures[0]?.[at] as number;
          found.set(name, { tier: frame?.merited[row] as number, orders });
        }
      },
    });
    return found;
  }) as [Map<string, { tier: number; orders: number }>, Map<string, { tier: number; orders: number }>];
  const bandOf = (orders: number): number => sizeBands.findLastIndex((from) => orders >= from);
  return [0, 1, 2, 3, undefined].map((band) => {
    const own = [...here].filter(([, { orders }]) => band === undefined || bandOf(orders) === band);
    const flips = own.filter(([name, { tier }]) => there.get(name)?.tier !== tier).length;
    return { share: flips / own.length, entities: own.length };
  });
}

/** The value; NaN without. */
export function numberIn(estimate: Estimated): number {
  return estimate.kind === "estimate" ? estimate.value : Number.NaN;
}

/** The policy as a person would shrink it: each share towards the cohort that the study names. */
export function shrunkByHand(policy: Policy, { redrawn }: NoiseFlips): Policy {
  const metrics = policy.metrics.map((metric) => {
    if (metric.kind !== "share" || metric.shrink !== undefined || metric.part.kind !== "reference") return metric;
    const { name } = metric.part;
    const { mean, strength } = present(
      redrawn.find(({ measure }) => measure === name),
      name,
    );
    return {
      ...metric,
      shrink: {
        prior: { kind: "number", value: Math.round(mean * 10_000) / 10_000, unit: "share" },
        strength: { kind: "number", value: Math.round(strength), unit: "count" },
      } as const,
    };
  });
  return { ...policy, digest: `${policy.digest} by hand`, metrics };
}
