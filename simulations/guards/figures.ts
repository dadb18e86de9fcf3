/** What each figure of a guard counts, entity by entity. */
import { present } from "../../data/foundation/index.ts";
import type { GuardColumns } from "./collect.ts";
import { between } from "./collect.ts";
import type { Guard, GuardFigure } from "./guard.ts";

/** The figure in words, as a share of the entities at the end of the range and as what each policy does over it. */
export const guardDefinitions: Readonly<Record<GuardFigure, { readonly share: string; readonly times?: string }>> = {
  movers: {
    share: "entities whose held tier at the end differs from the one under the baseline, over all in the frame",
    times: "entities that change their tier at least once under the candidate, over those that do under the baseline",
  },
  promotions: {
    share: "entities that hold a better tier at the end than under the baseline, over all in the frame",
    times: "entities that are promoted at least once under the candidate, over those that are under the baseline",
  },
  demotions: {
    share: "entities that hold a worse tier at the end than under the baseline, over all in the frame",
    times: "entities that are demoted at least once under the candidate, over those that are under the baseline",
  },
  "newly adverse": {
    share: "entities that hold an adverse tier at the end and do not under the baseline, over all in the frame",
    times: "entities that enter an adverse tier at least once under the candidate, over those that do under the baseline",
  },
  unrated: {
    share: "entities that are unrated at the end under the candidate, over all in the frame",
    times: "entities that are unrated at the end under the candidate, over those that are under the baseline",
  },
  "gmv at stake": {
    share: "GMV of the last 28 days of entities whose consequences differ, over the GMV of all in the frame",
  },
};

/** Whether the figure holds of an entity, as a share of all. GMV at stake: whether its GMV counts. */
export function holdsBetween(columns: GuardColumns, figure: GuardFigure, entity: number): boolean {
  const { plan, collected } = columns;
  const pairs = present(plan.pairs[0], "tier pairs");
  const pair = heldBy(columns, 0, entity) * pairs.columns + heldBy(columns, 1, entity);
  switch (figure) {
    case "movers":
      return pairs.move[pair] !== between.same;
    case "promotions":
      return pairs.move[pair] === between.up;
    case "demotions":
      return pairs.move[pair] === between.down;
    case "newly adverse":
      return pairs.adverse[pair] === 1;
    case "unrated":
      return (collected.end.held[1]?.[entity] as number) >= present(plan.policies[1], "candidate").tiers.length;
    case "gmv at stake":
      return pairs.atStake[pair] === 1;
  }
}

/** Whether the figure holds of an entity under one policy by itself. GMV at stake never does: it lies between two. */
export function holdsUnder(columns: GuardColumns, figure: Guard["figure"], policy: 0 | 1, entity: number): boolean {
  const { promoted, demoted } = columns.policies[policy];
  switch (figure) {
    case "movers":
      return promoted[entity] === 1 || demoted[entity] === 1;
    case "promotions":
      return promoted[entity] === 1;
    case "demotions":
      return demoted[entity] === 1;
    case "newly adverse":
      return (columns.collected.range.policies[policy]?.entries[entity] as number) > 0;
    case "unrated":
      return heldBy(columns, policy, entity) >= present(columns.plan.policies[policy], "policy").tiers.length;
    case "gmv at stake":
      return false;
  }
}

/** The tier at the end of the range; -1 outside the frame. */
export function heldBy({ collected }: GuardColumns, policy: 0 | 1, entity: number): number {
  return present(collected.end.held[policy], "held tiers")[entity] as number;
}
