/** Two policies side by side, as words and directions of changes look at them. */
import { type Influence, joinPolarity, type Polarity } from "./polarity.ts";
import type { Policy } from "./policy.ts";
import type { Fact } from "./policy-facts.ts";

/** Two policies with the influences of their quantities. Names are those of the newer one. */
export interface Compared {
  readonly a: Policy;
  readonly b: Policy;
  readonly influenceA: Influence;
  readonly influenceB: Influence;
}

/** One line in both policies; absent where it does not stand. */
export interface FactPair {
  readonly old?: Fact;
  readonly young?: Fact;
}

/** The influence of one name on merit, where both policies agree on it. */
export function influenceOf(name: string, { influenceA, influenceB }: Compared): Polarity {
  return joinPolarity(influenceA.of(name), influenceB.of(name));
}
