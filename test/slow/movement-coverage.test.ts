/** Intervals of steps and of time to recover hold their level where entities differ, and two steps are told from one twice only where the past matters. */
import { expect } from "chai";
import { type RandomStream, randomStream } from "../../data/foundation/index.ts";
import { describeRecovery } from "../../simulations/comparison/movement/describe-recovery.ts";
import { describeTransitions } from "../../simulations/comparison/movement/describe-transitions.ts";
import { addStay, ends, stayList } from "../../simulations/comparison/movement/stays.ts";
import { StepWalk, stepTables } from "../../simulations/comparison/movement/steps.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { letterPolicy } from "../comparison/small-market.ts";

const policy = letterPolicy("baseline");
const tiers = 5;
const weeks = 30;
const seeds = 2000;

type World = (random: RandomStream) => readonly number[];

/** A chain over gold, standard and watch: the lazier, the rarer it moves. */
function chain(random: RandomStream, lazy: number): readonly number[] {
  const path = [Math.floor(random.uniform() * 3)];
  while (path.length < weeks) {
    const last = path.at(-1) as number;
    if (random.uniform() < lazy) path.push(last);
    else if (last === 1) path.push(random.uniform() < 0.5 ? 0 : 2);
    else path.push(1);
  }
  return path;
}

const alike: World = (random) => chain(random, 0.8);
const unlike: World = (random) => chain(random, 0.5 + 0.45 * random.uniform());
/** Every week merits a tier anew; the held one follows only after two in a row on the same side. */
const patient: World = (random) => {
  const path: number[] = [];
  let [held, side, count] = [1, 0, 0];
  for (let week = 0; week < weeks; week++) {
    const merited = Math.floor(random.uniform() * 3);
    const now = Math.sign(merited - held);
    count = now === side ? count + 1 : 1;
    side = now;
    if (side !== 0 && count >= 2) [held, count] = [merited, 0];
    path.push(held);
  }
  return path;
};

function observe(world: World, entities: number, seed: number) {
  const random = randomStream(seed, "movement");
  const [steps, stays] = [stepTables(tiers, weeks), stayList()];
  const walk = new StepWalk(steps);
  for (let entity = 0; entity < entities; entity++) {
    const path = world(random);
    walk.begin(true);
    for (const tier of path) walk.take(tier);
    walk.finish(0);
    let length = 0;
    for (const tier of path) {
      if (tier === 2) length++;
      else if (length > 0) {
        addStay(stays, entity, length, ends.recovered);
        length = 0;
      }
    }
    if (length > 0) addStay(stays, entity, length, ends.running);
  }
  const transitions = describeTransitions(policy, steps, 0.95);
  const recovery = describeRecovery(stays, stays, { grain: "week", level: 0.95 });
  const watch = transitions.rows.find(({ from }) => from === "watch");
  const figures: Record<string, Estimated | undefined> = {
    stay: watch?.to.find(({ to }) => to === "watch")?.probability,
    mobility: transitions.mobility,
    dwell: watch?.expectedDwell,
    recovered: recovery.baseline.within[0]?.recovered,
  };
  return { figures, departures: transitions.departures ?? [] };
}

describe("coverage of steps and of time to recover", () => {
  for (const [name, world] of Object.entries({ alike, unlike })) {
    it(`is about 95 % with 80 entities that are ${name}`, () => {
      const { figures: truth } = observe(world, 60_000, 1);
      const covered: Record<string, number> = {};
      for (let seed = 2; seed < seeds + 2; seed++) {
        for (const [figure, found] of Object.entries(observe(world, 80, seed).figures)) {
          const real = truth[figure];
          if (found?.kind !== "estimate" || found.interval === undefined || real?.kind !== "estimate") throw new Error(figure);
          if (found.interval.lower <= real.value && real.value <= found.interval.upper) covered[figure] = (covered[figure] ?? 0) + 1;
        }
      }
      for (const [figure, count] of Object.entries(covered)) {
        console.log(`      ${figure}: ${((100 * count) / seeds).toFixed(1)} %`);
        expect(count / seeds, figure).to.be.within(0.93, 0.975);
      }
    });
  }

  it("two steps differ from one twice by chance in about one market in twenty when the past does not matter", () => {
    let alarms = 0;
    for (let seed = 1; seed <= seeds; seed++) if (observe(alike, 80, seed).departures.length > 0) alarms++;
    console.log(`      ${((100 * alarms) / seeds).toFixed(1)} %`);
    expect(alarms / seeds).to.be.below(0.07);
  });

  it("and in nearly every market when a rule waits for two evaluations", () => {
    let alarms = 0;
    for (let seed = 1; seed <= 200; seed++) if (observe(patient, 80, seed).departures.length > 0) alarms++;
    expect(alarms / 200).to.be.above(0.9);
  });
});
