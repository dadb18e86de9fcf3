/** Nodes -> text in a dialect. The only place where SQL text is written; values of the policy leave as bound parameters. */
import { invariant, present, unreachable } from "../../data/foundation/index.ts";
import type { NamedFunction, SqlDialect } from "./dialects.ts";
import {
  frozen,
  type SqlExpression,
  type SqlField,
  type SqlFrame,
  type SqlFunction,
  type SqlNumbers,
  type SqlSelect,
  type SqlSource,
  type SqlStatement,
  type SqlText,
  type SqlUnion,
  type SqlUnnest,
} from "./nodes.ts";

/** The statement as text with its parameters. Equal nodes give equal text; from here on they are frozen. */
export function printSql(statement: SqlStatement, dialect: SqlDialect): SqlText {
  const printer = new Printer(dialect);
  const steps = frozen(statement).steps.map(({ name, query }) => `${dialect.quote(name)} AS (${printer.step(query)})`);
  const result = printer.select(statement.result);
  return { sql: `${steps.length === 0 ? "" : `WITH\n${steps.join(",\n")}\n`}${result}`, parameters: printer.parameters };
}

/** Queries under names, as what stands before a statement that reads them. */
export function printSteps(steps: SqlStatement["steps"], dialect: SqlDialect): SqlText {
  const printer = new Printer(dialect);
  const printed = steps.map(({ name, query }) => `${dialect.quote(name)} AS (${printer.step(query)})`);
  return { sql: `WITH\n${printed.join(",\n")}\n`, parameters: printer.parameters };
}

type NestedExpression = Extract<
  SqlExpression,
  { kind: "variable" | "let" | "record" | "field" | "list" | "filter" | "transform" | "fold" | "gather" }
>;

class Printer {
  readonly parameters: (number | string)[] = [];
  readonly #dialect: SqlDialect;

  constructor(dialect: SqlDialect) {
    this.#dialect = dialect;
  }

  #name(name: string): string {
    return this.#dialect.quote(name);
  }

  step(query: SqlStatement["steps"][number]["query"]): string {
    switch (query.kind) {
      case "select":
        return this.select(query);
      case "numbers":
        return this.numbers(query);
      case "unnest":
        return this.unnest(query);
      default:
        return unreachable(query);
    }
  }

  select(select: SqlSelect): string {
    const columns = select.columns.map(({ as, expression }) => `${this.expression(expression)} AS ${this.#name(as)}`);
    const list = select.everything ? ["*", ...columns] : columns;
    const source = this.source(select.source);
    const joins = (select.joins ?? []).map(
      (join) => ` ${join.outer ? "LEFT JOIN" : "JOIN"} ${this.source(join.source)} ON ${this.expression(join.on)}`,
    );
    const where = select.where === undefined ? "" : ` WHERE ${this.expression(select.where)}`;
    const group = select.groupBy === undefined ? "" : ` GROUP BY ${select.groupBy.join(", ")}`;
    return `SELECT ${list.join(", ")} FROM ${source}${joins.join("")}${where}${group}`;
  }

  source({ from, as }: SqlSource): string {
    const source = typeof from === "string" ? this.#name(from) : "kind" in from ? `(${this.within(from)})` : this.qualified(from);
    return `${source} AS ${this.#name(as)}`;
  }

  qualified(names: readonly string[]): string {
    return names.map((name) => this.#name(name)).join(".");
  }

  within(query: SqlSelect | SqlUnion): string {
    return query.kind === "select" ? this.select(query) : query.queries.map((each) => this.select(each)).join(" UNION ALL ");
  }

  unnest({ from, keep, records, fieldsThere, fields, beside }: SqlUnnest): string {
    return this.#dialect.unnest({
      from: this.#name(from),
      keep: keep.map((name) => this.#name(name)),
      ...(records === undefined ? {} : { records: this.#name(records) }),
      fieldsThere: fieldsThere.map((name) => this.#name(name)),
      fields: fields.map((name) => this.#name(name)),
      beside: beside.map(({ list, as }) => ({ list: this.#name(list), as: this.#name(as) })),
    });
  }

  expression(node: SqlExpression): string {
    const dialect = this.#dialect;
    switch (node.kind) {
      case "parameter":
        this.parameters.push(node.value);
        return `CAST(${dialect.place(this.parameters.length)} AS ${typeof node.value === "number" ? dialect.types.DOUBLE : dialect.types.VARCHAR})`;
      case "integer":
        return node.value < 0n ? `(${node.value})` : String(node.value);
      case "null":
        return "NULL";
      case "column":
        return node.table === undefined ? this.#name(node.name) : `${this.#name(node.table)}.${this.#name(node.name)}`;
      case "binary": {
        const [left, right] = [this.expression(node.left), this.expression(node.right)];
        if (node.operator === "div") return dialect.divide(left, right);
        return `(${left} ${node.operator === "mod" ? "%" : node.operator} ${right})`;
      }
      case "unary":
        return `(${node.operator} ${this.expression(node.operand)})`;
      case "null-test":
        return `(${this.expression(node.operand)} IS ${node.isNull ? "" : "NOT "}NULL)`;
      case "in":
        return `(${this.expression(node.operand)} IN (${node.values.map((value) => this.expression(value)).join(", ")}))`;
      case "call":
        return this.called(node.function, node.arguments.map((argument) => this.expression(argument)).join(", "));
      case "cast":
        return `CAST(${this.expression(node.operand)} AS ${dialect.types[node.type]})`;
      case "case": {
        const whens = node.whens.map(({ when, result }) => `WHEN ${this.expression(when)} THEN ${this.expression(result)}`);
        return `CASE ${whens.join(" ")} ELSE ${this.expression(node.otherwise)} END`;
      }
      case "window":
        return this.window(node);
      case "over": {
        const called = this.expression(node.call);
        const [within, order] = [node.within, node.order].map((list) => list.map((each) => this.expression(each)).join(", "));
        return `${called} OVER (PARTITION BY ${within}${order === "" ? "" : ` ORDER BY ${order}`})`;
      }
      case "variable":
      case "let":
      case "record":
      case "field":
      case "list":
      case "filter":
      case "transform":
      case "fold":
      case "gather":
        return this.nested(node);
      default:
        return unreachable(node);
    }
  }

  /** Lists, records and what binds names. */
  nested(node: NestedExpression): string {
    const dialect = this.#dialect;
    switch (node.kind) {
      case "variable":
        return this.#name(node.name);
      case "let": {
        const list = dialect.list(this.expression(node.value));
        return dialect.first(dialect.transform(list, dialect.lambda([this.#name(node.name)], this.expression(node.body))));
      }
      case "record":
        return this.record(node.fields);
      case "field":
        return `${this.expression(node.of)}.${this.#name(node.name)}`;
      case "list":
        return dialect.list(this.expression(node.item));
      case "filter":
      case "transform": {
        const list = this.expression(node.list);
        return dialect[node.kind](list, dialect.lambda([this.#name(node.item)], this.expression(node.body)));
      }
      case "fold": {
        const [list, initial] = [this.expression(node.list), this.expression(node.initial)];
        const body = this.expression(node.body);
        return dialect.fold(list, initial, dialect.lambda([this.#name(node.before), this.#name(node.item)], body));
      }
      case "gather": {
        const record = this.record(node.record.fields);
        return dialect.gather(record, this.expression(node.order));
      }
      default:
        return unreachable(node);
    }
  }

  record(fields: readonly SqlField[]): string {
    const { types, listType, record } = this.#dialect;
    return record(
      fields.map(({ name, type, value }) => {
        const written = typeof type === "string" ? types[type] : listType(types[type.listOf]);
        return { name: this.#name(name), type: written, value: `CAST(${this.expression(value)} AS ${written})` };
      }),
    );
  }

  called(name: SqlFunction, operands: string): string {
    if (name === "floor" || name === "ceil") return this.#dialect.whole(name, operands);
    if (name === "day number") return this.#dialect.dayNumber(operands);
    if (name === "last known") return this.#dialect.lastKnown(operands);
    if (name === "trim") return `trim(BOTH ' ' FROM ${operands})`;
    return `${this.hasName(name) ? this.#dialect.functions[name] : name}(${operands})`;
  }

  hasName(name: SqlFunction): name is NamedFunction {
    return name in this.#dialect.functions;
  }

  /** Over the rows of the same entity. */
  window({ call, frame }: Extract<SqlExpression, { kind: "window" }>): string {
    const { varyingFrame } = this.#dialect;
    const rows = (bounds: string) => `OVER (PARTITION BY ${this.#name("entity")} ORDER BY ${this.#name("period")}${bounds})`;
    if (varyingFrame === undefined || frame === undefined || frame.from === "unbounded" || !isVarying(frame))
      return `${this.expression(call)} ${rows(this.frame(frame))}`;
    invariant(call.kind === "call", "a window of a function");
    const [value, back] = [this.expression(present(call.arguments[0], "a value")), this.expression(frame.from)];
    const lag = frame.to === undefined ? "0" : this.expression(frame.to);
    const soFar = rows(" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW");
    return varyingFrame({ name: call.function, value, back, lag, soFar, period: this.#name("period") });
  }

  frame(frame: SqlFrame | undefined): string {
    if (frame === undefined) return "";
    const from = frame.from === "unbounded" ? "UNBOUNDED" : this.expression(frame.from);
    const to = frame.to === undefined ? "CURRENT ROW" : `${this.expression(frame.to)} PRECEDING`;
    return ` ${frame.unit} BETWEEN ${from} PRECEDING AND ${to}`;
  }

  numbers({ names, rows }: SqlNumbers): string {
    const missing = `CAST(NULL AS ${this.#dialect.types.INTEGER})`;
    const lines = rows.map((row) => `(${row.map((value) => (value === undefined ? missing : String(Math.trunc(value)))).join(", ")})`);
    return `SELECT * FROM (VALUES ${lines.join(", ")}) AS ${this.#name("rows")} (${names.map((name) => this.#name(name)).join(", ")})`;
  }
}

/** Whether its bounds are columns, or it ends before it begins. An entity's periods have no gaps: rows and periods are the same. */
function isVarying({ unit, from, to }: SqlFrame): boolean {
  if (unit === "RANGE") return true;
  return from !== "unbounded" && from.kind === "integer" && to?.kind === "integer" && to.value > from.value;
}
