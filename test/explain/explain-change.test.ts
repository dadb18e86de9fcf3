/** Every mixture of two sides of a change, on random policies, peers, ledgers and holds. */
import { expect } from "chai";
import fc from "fast-check";
import { lastDayOf, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { numberEvents } from "../../policies/explain/event-selection.ts";
import {
  type ChangeSide,
  type EntityHistory,
  evaluateEntity,
  explainDifference,
  lostTier,
  mixedOutcomes,
  walkEvaluations,
} from "../../policies/explain/index.ts";
import { stateBefore } from "../../policies/explain/state-before.ts";
import { type Policy, tierNames } from "../../policies/language/index.ts";
import { slowPeers } from "../properties/peers.ts";
import { drawCase } from "../properties/random-case.ts";
import { drawVersions } from "../properties/random-programme.ts";
import { tableHistory, tableSchema } from "./table-history.ts";
import { tablePolicy } from "./table-policy.ts";

const runs = { numRuns: 14, seed: 5 };

/** Two versions with heirs for every tier, two periods, and the histories. */
function drawSides(g: fc.GeneratorValue) {
  const { policy, schema, histories, draw } = drawCase(g);
  const versions = drawVersions(draw, policy, schema);
  if (versions === undefined) return undefined;
  const side = (index: number, period: number): ChangeSide => {
    const own: Policy = { ...present(versions[index], "a version").policy, digest: String(index) };
    return { policy: own, period, peers: slowPeers(own, schema, histories) };
  };
  const period = () => draw.integer(schema.firstPeriod, schema.lastPeriod);
  return { schema, histories, sides: [side(0, period()), side(1, period())] as const };
}

/** The mixtures, where what each side merits comes of the whole evaluation. */
function mixturesOf(sides: readonly [ChangeSide, ChangeSide], schema: PanelSchema, history: EntityHistory) {
  const merited = ({ policy, peers }: ChangeSide) =>
    evaluateEntity(policy, schema, history, peers === undefined ? {} : { peers }).map((row) => row.merited);
  return mixedOutcomes(sides, schema, history, [merited(sides[0]), merited(sides[1])]);
}

describe("mixtures of two sides of a change", () => {
  it("are at their ends what each side really gives", () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const drawn = drawSides(g);
        if (drawn === undefined || lostTier(drawn.sides[0].policy, drawn.sides[1].policy) !== undefined) return;
        const { schema, histories, sides } = drawn;
        for (const history of histories) {
          const outcomes = mixturesOf(sides, schema, history);
          const rows = sides.map(({ policy, period, peers }) =>
            evaluateEntity(policy, schema, history, { to: period, ...(peers === undefined ? {} : { peers }) }).at(-1),
          );
          if (rows.some((row) => row === undefined || row.merited < 0)) {
            expect(outcomes).to.equal(undefined);
            continue;
          }
          seen++;
          for (const [index, mixture] of [0, 15].entries()) {
            const [row, policy] = [present(rows[index], "row"), present(sides[index], "side").policy];
            expect(outcomes?.[mixture]?.held).to.equal(tierNames(policy)[row.held]);
            expect(outcomes?.[mixture]?.score).to.equal(row.score);
          }
        }
      }),
      runs,
    );
    expect(seen).to.be.greaterThan(8);
  });

  it("begin with the state that a walk through every evaluation finds", () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { policy, schema, histories, draw } = drawCase(g);
        const peers = slowPeers(policy, schema, histories);
        const to = draw.integer(schema.firstPeriod, schema.lastPeriod);
        for (const history of histories) {
          const walked = walkEvaluations(policy, schema, history, { peers });
          const merited = walked.map(({ latest }) => latest?.merited ?? -1);
          const latest = walked.findLast(({ period }) => period <= to)?.latest;
          const found = stateBefore({ policy, schema, to, merited, peers }, history, numberEvents(history));
          expect(found?.before).to.deep.equal(latest?.before);
          expect(found?.on).to.equal(latest?.on);
          if (latest !== undefined && latest.before.movement.past.length > 0) seen++;
        }
      }),
      { ...runs, numRuns: 30 },
    );
    expect(seen).to.be.greaterThan(20);
  });

  it("are the same from the other side, and give the rule no part where both sides have one", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const drawn = drawSides(g);
        if (drawn === undefined) return;
        const { schema, histories, sides } = drawn;
        const [first, second] = sides;
        const same = [first, { ...first, period: second.period }] as const;
        for (const history of histories) {
          const alone = mixturesOf(same, schema, history);
          for (const [mixture, outcome] of (alone ?? []).entries()) expect(alone?.[mixture ^ 1]).to.deep.equal(outcome);
          const back = mixturesOf([same[1], same[0]], schema, history);
          expect(back).to.deep.equal(alone?.map((_, mixture) => alone[15 ^ mixture]));
        }
      }),
      { ...runs, numRuns: 8 },
    );
  });

  it("say on one date what the difference between two versions says", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const drawn = drawSides(g);
        if (drawn === undefined || lostTier(drawn.sides[0].policy, drawn.sides[1].policy) !== undefined) return;
        const { schema, histories, sides } = drawn;
        const [a, b] = [sides[0], { ...sides[1], period: sides[0].period }];
        for (const history of histories) {
          const outcomes = mixturesOf([a, b], schema, history);
          if (outcomes === undefined) continue;
          const peers = { ...(a.peers === undefined ? {} : { a: a.peers }), ...(b.peers === undefined ? {} : { b: b.peers }) };
          const day = lastDayOf(schema.grain, a.period);
          const { tiers } = explainDifference(a.policy, b.policy, schema, history, day, peers);
          // Who has left is no longer shown in a tier.
          if (tiers.a === undefined || tiers.b === undefined) continue;
          expect([outcomes[0]?.held, outcomes[15]?.held]).to.deep.equal([tiers.a, tiers.b]);
        }
      }),
      { ...runs, numRuns: 8 },
    );
  });

  it("take a state over by `replaces:` in either direction, and name a tier that has no counterpart", () => {
    const two = (name: string, replaces: readonly string[] = []): Policy => ({
      ...tablePolicy({
        metrics: { code: { title: "Code", kind: "last", measure: "code" } },
        tiers: [
          { name: "good", title: "Good", when: "metric:code <= 1" },
          { name, title: name, adverse: true, ...(replaces.length === 0 ? {} : { replaces }) },
        ],
        movement: { promote: { after: 2 }, demote: { after: 2 } },
      }),
      digest: name,
    });
    expect(lostTier(two("watch"), two("low"))).to.equal("watch");
    const [old, young] = [two("watch"), two("low", ["watch"])];
    expect(lostTier(old, young)).to.equal(undefined);
    // Bad twice, then good once: watch is still held at the first date, and promotion comes at the second.
    const history = tableHistory({ rows: { code: [2, 2, 1, 1, 1] } });
    const schema = tableSchema();
    const first = present(history.rows[0], "row").period;
    const outcomes = mixturesOf(
      [
        { policy: old, period: first + 2 },
        { policy: young, period: first + 3 },
      ],
      schema,
      history,
    );
    const held = outcomes?.map((outcome) => outcome.held) ?? [];
    // Bits: 1 rule, 2 own, 8 state. Own metrics say good at both dates, so that the state alone decides.
    expect([held[0], held[1], held[2], held[3]]).to.deep.equal(["watch", "low", "watch", "low"]);
    expect([held[8], held[9], held[10], held[11]]).to.deep.equal(["good", "good", "good", "good"]);
  });
});
