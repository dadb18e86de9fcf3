/** What static analysis says of a policy holds for every entity of every history: on random policies and random histories. */
import { expect } from "chai";
import fc from "fast-check";
import { present } from "../../data/foundation/index.ts";
import { findAttribute, type PanelSchema } from "../../data/panel/index.ts";
import { evaluationDate } from "../../policies/explain/evaluation-dates.ts";
import { type EvaluatedRow, evaluateEntity } from "../../policies/explain/index.ts";
import { analysePolicy } from "../../policies/language/analyse-policy.ts";
import { keyOf, Possibilities } from "../../policies/language/analyse-possible.ts";
import { Trial } from "../../policies/language/analyse-trial.ts";
import type { Policy } from "../../policies/language/index.ts";
import { slowPeers } from "./peers.ts";
import { describeCase, drawCase, type RandomCase } from "./random-case.ts";

/** One evaluation: what the slow evaluator computed, what it read of texts, and when. */
interface Evaluated {
  readonly row: EvaluatedRow;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly today: number;
}

interface Tried {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly evaluations: readonly Evaluated[];
}

/** Shows a law every evaluation of random cases, as far as its shares are parts of wholes, which the import sees to. */
function holds(law: (tried: Tried) => void): void {
  const tried = (drawn: RandomCase): void => {
    const { policy, schema, histories } = drawn;
    const peers = slowPeers(policy, schema, histories);
    const all = histories.flatMap((history) =>
      evaluateEntity(policy, schema, history, { peers }).flatMap((row, index): readonly Evaluated[] => {
        const today = evaluationDate(policy.movement.evaluate, schema.grain, row.period);
        return today === undefined || !row.evaluated ? [] : [{ row, attributes: history.rows[index]?.attributes ?? {}, today }];
      }),
    );
    const shares = policy.metrics.filter((metric) => metric.kind === "share").map((metric) => metric.name);
    const isShare = (value = 0): boolean => value >= 0 && value <= 1;
    const evaluations = all.filter(({ row }) => shares.every((name) => isShare(row.metrics[name])));
    try {
      law({ policy, schema, evaluations });
    } catch (error) {
      throw new Error(`${String(error)}\n${describeCase(drawn)}`, { cause: error });
    }
  };
  fc.assert(
    fc.property(fc.gen(), (g) => tried(drawCase(g))),
    { numRuns: 150, seed: 4 },
  );
}

/** Sets all facts of an evaluation. */
function imagine(trial: Trial, { policy, schema }: Tried, { row, attributes, today }: Evaluated): void {
  trial.setNumber(keyOf("today", "today"), today);
  for (const metric of policy.metrics) {
    const value = row.metrics[metric.name];
    trial.setNumber(keyOf("metric", metric.name), value ?? Number.NaN);
    if (metric.kind !== "largest") continue;
    const { values = [] } = present(findAttribute(schema, metric.by), metric.by);
    trial.setText(keyOf("metric", metric.name), value === undefined ? undefined : values[value]);
  }
  for (const { name } of policy.ledgers) trial.setNumber(keyOf("ledger", name), row.ledgers[name] ?? Number.NaN);
  for (const [name, value] of Object.entries(attributes)) {
    trial.setText(keyOf("attribute", name), value === undefined ? undefined : String(value));
    if (typeof value !== "string") trial.setNumber(keyOf("attribute", name), value ?? Number.NaN);
  }
}

describe("static analysis, on random policies", () => {
  it("imagines entities as they are: from an entity's metrics follow its scores, conditions and merited tier", () => {
    holds((tried) => {
      const { policy, evaluations } = tried;
      const trial = new Trial(policy);
      for (const evaluation of evaluations) {
        const { row } = evaluation;
        imagine(trial, tried, evaluation);
        for (const { name, round } of policy.scores) {
          const [own, theirs] = [trial.reader("score", name)(), row.scores[name]];
          // Exact halves may be rounded either way here.
          if (own === undefined || theirs === undefined) expect(own, name).to.equal(theirs);
          else expect(own, name).to.be.closeTo(theirs, 1.5 * 10 ** -round);
        }
        const nearTie = policy.scores.some(({ name }) => trial.reader("score", name)() !== row.scores[name]);
        if (!nearTie) expect(trial.capped(trial.own()) ?? policy.tiers.length).to.equal(row.merited);
      }
    });
  });

  it("keeps every number and every answer within what it says is possible", () => {
    holds(({ policy, evaluations }) => {
      const possibilities = new Possibilities(policy);
      const ranges = (
        to: "metric" | "score" | "ledger",
        parts: readonly { readonly name: string }[],
      ): (readonly [string, ReturnType<Possibilities["named"]>])[] =>
        parts.map(({ name }) => [name, possibilities.named(to, name)] as const);
      const [metrics, scores, ledgers] = [
        ranges("metric", policy.metrics),
        ranges("score", policy.scores),
        ranges("ledger", policy.ledgers),
      ];
      const answers = policy.conditions.map(({ name, expression }) => [name, possibilities.condition(expression)] as const);
      for (const { row } of evaluations) {
        for (const [values, known] of [
          [row.metrics, metrics],
          [row.scores, scores],
          [row.ledgers, ledgers],
        ] as const) {
          for (const [name, range] of known) {
            const value = values[name];
            if (range.kind === "text") continue;
            if (value === undefined) expect(range.missing, `${name} can be missing`).to.equal(true);
            else expect(range.known && value >= range.lower && value <= range.upper, `${name} = ${value}`).to.equal(true);
          }
        }
        for (const [name, possible] of answers) {
          const answer = row.conditions[name];
          expect(answer === undefined ? possible.unknown : answer ? possible.yes : possible.no, `${name} is ${answer}`).to.equal(true);
        }
      }
    });
  });

  it("is right when it says never", () => {
    let said = 0;
    holds(({ policy, evaluations }) => {
      for (const { code, found } of analysePolicy(policy)) {
        if (code !== "never-merited") continue;
        said++;
        const tier = policy.tiers.findIndex(({ name }) => name === found);
        expect(
          evaluations.filter(({ row }) => row.merited === tier),
          `${found} is merited`,
        ).to.have.length(0);
      }
    });
    expect(said).to.be.greaterThan(10);
  });
});
