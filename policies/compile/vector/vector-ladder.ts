/** Where the names of a policy lead in vector code, and the tier that a row merits. */
import { type Code, f64, f64x2, i32, i64x2, invariant, present, v128 } from "../../../data/foundation/index.ts";
import { keepMasks, writeMasks } from "./vector-expression.ts";
import { writeMetric } from "./vector-metric.ts";
import { attributeNamed, type VectorNames } from "./vector-names.ts";
import { writeScore } from "./vector-score.ts";
import { type Masks, type VectorWriter, where } from "./vector-writer.ts";

/** Where columns lie that a kernel reads. */
export interface ColumnsRead {
  /** Whether a name is read from a column though it could be computed. */
  readonly isGiven: (name: string) => boolean;
  /** The address of a column that the plain kernels compute. */
  readonly givenAddress: (name: string) => number;
  readonly attributeAddress: (index: number) => number;
  /** The evaluation days. */
  readonly days: number;
}

/** Resolves names: each is written at its first use, or read from a column where it has no vector form. */
export function vectorNames(
  base: Pick<VectorNames, "policy" | "schema" | "plan" | "writer" | "windows" | "at" | "breach">,
  { isGiven, givenAddress, attributeAddress, days }: ColumnsRead,
): VectorNames {
  const { policy, schema, writer, at } = base;
  const read = (name: string) => writer.keep(v128.load(at.row, givenAddress(name)));
  const named = (key: string, name: string, write: () => Code): Code =>
    writer.once(key, () => (isGiven(name) ? read(name) : writer.attempt(write, () => read(name))));
  const find = <T extends { readonly name: string }>(kind: string, entries: readonly T[], name: string) =>
    present(
      entries.find((candidate) => candidate.name === name),
      `${kind} ${name}`,
    );
  const truths = new Map<string, Masks>();
  const names: VectorNames = {
    ...base,
    isGiven,
    metric: (name) => named(`metric ${name}`, name, () => writeMetric(names, find("metric", policy.metrics, name))),
    score: (name) => named(`score ${name}`, name, () => writeScore(names, find("score", policy.scores, name))),
    ledger: (name) => writer.once(`ledger ${name}`, () => read(name)),
    condition: (name) => {
      const column = named(`condition ${name}`, name, () => {
        truths.set(name, keepMasks(names, writeMasks(names, find("condition", policy.conditions, name).expression)));
        return [];
      });
      if (column.length === 0) return present(truths.get(name), name);
      return {
        yes: writer.once(`yes ${name}`, () => writer.keep(f64x2.eq(column, writer.fixed(1)))),
        no: writer.once(`no ${name}`, () => writer.keep(f64x2.eq(column, writer.fixed(0)))),
      };
    },
    day: () =>
      writer.once("day", () => {
        const day = (lane: 0 | 1) => f64.fromInteger(i32.load(i32.shiftRight(at.period, i32.const(1)), days + lane * 4));
        return writer.keep(f64x2.withLane(f64x2.splat(day(0)), 1, day(1)));
      }),
    attribute: (name) =>
      writer.once(`attribute ${name}`, () => {
        const { index, attribute } = attributeNamed(schema, name);
        const address = attributeAddress(index);
        return writer.keep(attribute.scope === "entity" ? v128.loadSplat(at.entity, address) : v128.load(at.row, address));
      }),
  };
  return names;
}

/** The tier that each row merits as an integer a half: the ladder's, and no better than a cap that applies. */
export function writeMerited(names: VectorNames): Code {
  const { writer, policy } = names;
  const { tiers, otherwise, caps } = policy;
  invariant(otherwise !== undefined || tiers.some(({ when }) => when === undefined), "nobody is left without a tier");
  const conditions = tiers.map(({ when }) => (when === undefined ? undefined : writeMasks(names, when).yes));
  let claimed = v128.constByte(tiers.length);
  for (const [code, yes] of [...conditions.entries()].toReversed()) {
    claimed = yes === undefined ? v128.constByte(code) : v128.select(v128.constByte(code), claimed, yes);
  }
  if (caps.length === 0) return writer.keep(claimed);
  const byTier = caps
    .map(({ tier, when }) => ({ code: tiers.findIndex(({ name }) => name === tier), yes: writeMasks(names, when).yes }))
    .toSorted((a, b) => a.code - b.code);
  const ladder = writer.keep(claimed);
  const worst = writer.keep(byTier.reduce((found, { code, yes }) => v128.select(v128.constByte(code), found, yes), v128.all));
  // A cap takes those whom no tier took, too. No cap is -1.
  const isTaken = v128.and(i64x2.eq(ladder, v128.constByte(tiers.length)), i64x2.gt(worst, v128.all));
  return writer.keep(v128.select(worst, ladder, v128.or(i64x2.gt(worst, ladder), isTaken)));
}

/** A named metric, score, ledger or condition as a number: conditions 1 true, 0 false, missing unknown. */
export function columnCode(names: VectorNames, name: string): Code {
  const { metrics, scores, ledgers, conditions } = names.policy;
  const isIn = (entries: readonly { readonly name: string }[]) => entries.some((entry) => entry.name === name);
  if (isIn(metrics)) return names.metric(name);
  if (isIn(scores)) return names.score(name);
  if (isIn(ledgers)) return names.ledger(name);
  invariant(isIn(conditions), `${name} is no metric, score, ledger or condition of the policy`);
  return truthCode(names.writer, names.condition(name));
}

function truthCode(writer: VectorWriter, { yes, no }: Masks): Code {
  return v128.select(writer.fixed(1), where(no, writer.fixed(0)), yes);
}
