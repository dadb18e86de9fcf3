/**
 * Labels at the dates of error rates, as one number an entity: of its outcomes the latest known of each source, of its rows what it really held within a
 * horizon and when it left. Both are sums by entity, laid beside its gathered rows. What the number means: `data/panel/labels.ts`.
 */
import { lastDayOf, type PeriodIndex } from "../../data/foundation/index.ts";
import {
  horizonEnd,
  type LabelParting,
  labelNumber,
  labelPlace,
  labels,
  type OutcomeSource,
  type PanelSchema,
  type Parting,
  sourcesNamed,
} from "../../data/panel/index.ts";
import {
  all,
  any,
  binary,
  call,
  choose,
  column,
  integer,
  isKnown,
  named,
  never,
  not,
  nothing,
  parameter,
  type SqlColumn,
  type SqlExpression,
  type SqlJoin,
  type SqlSelect,
  type SqlStatement,
} from "./nodes.ts";
import { assignedColumn } from "./panel-tables.ts";

/** What comes before an entity's number can be told, what is laid beside the entity for it, and the numbers, by position of their parting. */
export interface SqlLabels {
  readonly steps: SqlStatement["steps"];
  readonly joins: readonly SqlJoin[];
  readonly numbers: ReadonlyMap<number, SqlExpression>;
}

/** Told for every parting by labels; none: nothing is read. `shard`: only the entities of it. */
export function sqlLabels(partings: readonly Parting[], schema: PanelSchema, shard?: number): SqlLabels {
  const facts = new LabelFacts(schema);
  const numbers = new Map(
    partings.flatMap((parting, index) => (parting.kind === "labels" ? [[index, numberOf(parting, facts, schema)] as const] : [])),
  );
  const within = shard === undefined ? [] : [binary(column("shard", "own"), "=", integer(shard))];
  const beside = [
    { step: "labelled", from: "outcomes", outer: true, columns: facts.latest, where: [...facts.isRead, ...within] },
    { step: "lived", from: "panel", outer: false, columns: facts.lives, where: within },
  ].filter(({ columns }) => columns.length > 0);
  return {
    steps: beside.map(({ step, from, columns, where }): SqlStatement["steps"][number] => {
      const query: SqlSelect = {
        kind: "select",
        everything: false,
        columns: [named(`${step} entity`, column("entity", "own")), ...columns],
        source: { from, as: "own" },
        ...(where.length === 0 ? {} : { where: all(...where) }),
        groupBy: [1],
      };
      return { name: step, query };
    }),
    joins: beside.map(({ step, outer }) => ({
      source: { from: step, as: step },
      outer,
      on: binary(column(`${step} entity`, step), "=", column("entity", "rows")),
    })),
    numbers,
  };
}

/** What is asked of an entity's outcomes and rows, each once however often it is read. */
class LabelFacts {
  readonly #schema: PanelSchema;
  readonly #latest = new Map<string, SqlColumn>();
  readonly #lives = new Map<string, SqlColumn>();

  constructor(schema: PanelSchema) {
    this.#schema = schema;
  }

  get latest(): readonly SqlColumn[] {
    return [...this.#latest.values()];
  }

  get lives(): readonly SqlColumn[] {
    return [...this.#lives.values()];
  }

  /** Which outcomes are read at all. */
  get isRead(): readonly SqlExpression[] {
    return [binary(column("known_day", "own"), "<=", integer(this.#schema.knownAt))];
  }

  /** The latest label of a source about the last day of a period: three times its position, and 0 pending, 1 fine, 2 harmful. Missing: it gave none. */
  latestKnown({ name }: OutcomeSource, period: PeriodIndex): SqlExpression {
    const isMeant = all(
      binary(column("source", "own"), "=", parameter(name)),
      binary(column("day", "own"), "=", integer(lastDayOf(this.#schema.grain, period))),
    );
    const told = binary(binary(column("position", "own"), "*", integer(3)), "+", binary(column("harmful", "own"), "+", integer(1)));
    return this.#once(this.#latest, `latest of ${name} about ${period}`, call("max", choose([[isMeant, told]], nothing)));
  }

  lastPeriod(): SqlExpression {
    return this.#once(this.#lives, "last period there", call("max", column("period", "own")));
  }

  /** How many of the periods have an assigned tier, or one of those. */
  assigned(first: PeriodIndex, last: PeriodIndex, among?: readonly string[]): SqlExpression {
    const tier = column(assignedColumn, "own");
    const isMeant = all(
      binary(column("period", "own"), ">=", integer(first)),
      binary(column("period", "own"), "<=", integer(last)),
      among === undefined ? isKnown(tier) : { kind: "in", operand: tier, values: among.map(parameter) },
    );
    const name = `${among === undefined ? "assigned" : "restricted"} from ${first} to ${last}`;
    return this.#once(this.#lives, name, call("count", choose([[isMeant, integer(1)]], nothing)));
  }

  #once(columns: Map<string, SqlColumn>, name: string, value: SqlExpression): SqlExpression {
    columns.set(name, named(name, value));
    return column(name);
  }
}

/** What one source says of an entity. */
interface SourceFacts {
  readonly role: OutcomeSource["role"];
  /** 0 pending, 1 fine, 2 harmful; missing without a label. */
  readonly said: SqlExpression;
  readonly isPending: SqlExpression;
  readonly isDecided: SqlExpression;
  readonly isGone: SqlExpression;
  readonly isRestricted: SqlExpression;
  /** 1 where its label would be taken for one without restriction. */
  readonly untreated: SqlExpression;
}

/** The number of the decision, as `decideLabel` makes it. */
function numberOf({ at, isMature, sources, restricting }: LabelParting, facts: LabelFacts, schema: PanelSchema): SqlExpression {
  const place = (code: number) => integer(labelPlace(code));
  if (!isMature) return integer(labelNumber({ label: labels.notMature, realised: labels.notMature, appeal: 0, untreated: 0 }));
  const each = sourcesNamed(schema, sources).map((source) => factsOf(source, at, restricting, facts, schema));
  const isFree = ({ isDecided, isRestricted }: SourceFacts) => all(isDecided, not(isRestricted));
  const reason = choose(
    [
      [any(...each.map(({ isDecided, isRestricted }) => all(isDecided, isRestricted))), place(labels.restricted)],
      [any(...each.map(({ isPending }) => isPending)), place(labels.pending)],
      [any(...each.map(({ isGone }) => isGone)), place(labels.left)],
    ],
    place(labels.unknown),
  );
  const decided = (said: SqlExpression) => binary(said, "-", integer(1));
  const label = choose(
    each.map((one) => [isFree(one), decided(one.said)]),
    reason,
  );
  const realised = choose(
    each.map(({ isDecided, said }) => [isDecided, decided(said)]),
    reason,
  );
  const appeal = choose(
    each
      .filter(({ role }) => role === "appeal")
      .toReversed()
      .map(({ said }) => [isKnown(said), binary(integer(3), "-", said)]),
    integer(0),
  );
  const untreated = choose(
    each.map((one) => [isFree(one), one.untreated]),
    integer(0),
  );
  const shifted = (before: SqlExpression, by: number, next: SqlExpression) => binary(binary(before, "*", integer(by)), "+", next);
  return shifted(shifted(shifted(label, 8, realised), 4, appeal), 2, untreated);
}

function factsOf(
  source: OutcomeSource,
  at: PeriodIndex,
  restricting: readonly string[],
  facts: LabelFacts,
  schema: PanelSchema,
): SourceFacts {
  const { role, kind } = source;
  const said = binary(facts.latestKnown(source, at), "mod", integer(3));
  const known = (claim: SqlExpression) => all(isKnown(said), claim);
  const end = horizonEnd(schema, at, source);
  const isFuture = kind === "future";
  const isGone = isFuture ? binary(facts.lastPeriod(), "<", integer(Math.min(schema.lastPeriod, end))) : never;
  const hasAssigned = schema.assignedTiers.length > 0;
  const isRestricted =
    isFuture && hasAssigned && restricting.length > 0 ? binary(facts.assigned(at, end, restricting), ">", integer(0)) : never;
  const isAssured = isFuture && hasAssigned ? binary(facts.assigned(at, end), "=", integer(end - at + 1)) : never;
  return {
    role,
    said,
    isPending: all(not(isGone), known(binary(said, "=", integer(0)))),
    isDecided: all(not(isGone), known(binary(said, ">", integer(0)))),
    isGone,
    isRestricted,
    untreated: isFuture ? choose([[isAssured, integer(0)]], integer(1)) : integer(0),
  };
}
