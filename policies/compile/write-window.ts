/**
 * Windows by running sums: the code that keeps them up to date while the rows of an entity go by.
 *
 * The plain version: at every evaluated row, for every window, add up the measure over the window's rows. Here a row is added when
 * the window reaches it and taken away when the window leaves it. Stored values are integers, so both give the same double.
 */
import { present } from "../../data/foundation/index.ts";
import { findMeasure } from "../../data/panel/index.ts";
import type { PlainWindow } from "../language/checked/index.ts";
import { type EvaluationPlan, type WindowTable, windowTable } from "./evaluation-plan.ts";
import type { ExactOperand, KernelWriter } from "./kernel-writer.ts";

interface WindowInUse {
  readonly id: number;
  readonly table: WindowTable;
  /** By position of the measure: the name of its running sum. */
  readonly sums: Map<number, string>;
}

interface CountInUse {
  readonly id: number;
  readonly kind: number;
  readonly table: WindowTable;
}

interface RangeInUse {
  readonly id: number;
  readonly table: WindowTable;
}

/** The first row or event of a window, and the last; for events one past the last. As code. */
export interface CodeRange {
  readonly first: string;
  readonly last: string;
}

/** The measures that one window adds up, and its rows. */
export interface WindowReach {
  readonly measures: readonly number[];
  readonly rows: number | undefined;
}

/** The running sums and event counts that a policy needs, each kept once. */
export class Windows {
  readonly #plan: EvaluationPlan;
  readonly #writer: KernelWriter;
  readonly #windows = new Map<string, WindowInUse>();
  readonly #counts = new Map<string, CountInUse>();
  readonly #ranges = new Map<string, RangeInUse>();
  readonly #scanned: WindowReach[] = [];

  constructor(plan: EvaluationPlan, writer: KernelWriter) {
    this.#plan = plan;
    this.#writer = writer;
  }

  /** The sum of a flow over a window, as the integer that is stored. Money has scale 0: it stays in minor units. */
  sum(window: PlainWindow, measureName: string): ExactOperand {
    const { index, scale } = this.measure(measureName);
    const key = JSON.stringify(window);
    const inUse = this.#windows.get(key) ?? { id: this.#windows.size, table: windowTable(this.#plan, window), sums: new Map() };
    this.#windows.set(key, inUse);
    const name = inUse.sums.get(index) ?? `s${inUse.id}_${index}`;
    inUse.sums.set(index, name);
    return { code: name, scale };
  }

  /** A measure's position, and the power of ten that its stored integers are over. */
  measure(name: string): { readonly index: number; readonly scale: number } {
    const { index, measure } = present(findMeasure(this.#plan.schema, name), `measure ${name} of the panel`);
    return { index, scale: measure.unit === "money" ? 0 : measure.decimals };
  }

  /** The rows of a window, for code that goes through them itself and adds these flows up there. */
  rows(window: PlainWindow, flows: readonly string[] = []): CodeRange {
    const writer = this.#writer;
    const table = windowTable(this.#plan, window);
    this.scans(flows, table.length);
    if (table.lifetime) return { first: "begin", last: "row" };
    const key = JSON.stringify(window);
    if (table.length !== undefined) {
      const back = table.length - 1;
      return { first: back === 0 ? "row" : writer.once(`rows ${key}`, () => writer.keep(`Math.max(begin, row - ${back})`)), last: "row" };
    }
    const bound = (values: Int32Array) => `${writer.table(values)}[row + offset] - offset`;
    return {
      first: writer.once(`rows from ${key}`, () => writer.keep(`Math.max(begin, ${bound(table.firstPeriod)})`)),
      last: writer.once(`rows to ${key}`, () => writer.keep(`Math.min(row, ${bound(table.lastPeriod)})`)),
    };
  }

  /** Notes that the code adds these flows up by itself, over so many rows at most (absent: the entity's life). */
  scans(flows: readonly string[], rows: number | undefined): void {
    if (flows.length > 0) this.#scanned.push({ measures: flows.map((name) => this.measure(name).index), rows });
  }

  /** The events that were known within the window's days. */
  events(window: PlainWindow): CodeRange {
    this.#writer.reads("eventFirst");
    const key = JSON.stringify(window);
    const inUse = this.#ranges.get(key) ?? { id: this.#ranges.size, table: windowTable(this.#plan, window) };
    this.#ranges.set(key, inUse);
    return { first: `a${inUse.id}`, last: `b${inUse.id}` };
  }

  /** How many events of a kind were known within the window's days. */
  count(window: PlainWindow, event: string): string {
    this.#writer.reads("eventFirst");
    const { schema } = this.#plan;
    const kind = schema.events.findIndex((candidate) => candidate.name === event);
    const key = `${present(schema.events[kind]?.name, `event ${event} of the panel`)} ${JSON.stringify(window)}`;
    const inUse = this.#counts.get(key) ?? { id: this.#counts.size, kind, table: windowTable(this.#plan, window) };
    this.#counts.set(key, inUse);
    return `c${inUse.id}`;
  }

  /** Positions of the measures that are summed, ascending. */
  get measures(): readonly number[] {
    const positions = this.reach.flatMap(({ measures }) => measures);
    return [...new Set(positions)].sort((a, b) => a - b);
  }

  /** What each window adds up, and over how many rows at most; undefined: over the entity's life. */
  get reach(): readonly WindowReach[] {
    const running = [...this.#windows.values()].map(({ table, sums }) => ({ measures: [...sums.keys()], rows: table.length }));
    return [...running, ...this.#scanned];
  }

  /** Code before an entity's first row. */
  atEntity(): readonly string[] {
    const lines: string[] = [];
    for (const { id, table, sums } of this.#windows.values()) {
      for (const name of sums.values()) lines.push(`let ${name} = 0;`);
      if (!table.lifetime && table.length === undefined) lines.push(`let f${id} = begin; let e${id} = begin;`);
    }
    for (const { id } of this.#counts.values()) {
      lines.push(
        `let c${id} = 0; let i${id} = eventFirst[entity]; let j${id} = eventFirst[entity]; const z${id} = eventStart[entity + 1];`,
      );
    }
    for (const { id } of this.#ranges.values()) lines.push(`let a${id} = eventFirst[entity]; let b${id} = eventFirst[entity];`);
    return lines;
  }

  /** Code on every row. `v<measure>` holds the row's value. */
  atRow(): readonly string[] {
    const lines: string[] = [];
    for (const { table, sums } of this.#windows.values()) {
      if (!table.lifetime && table.length === undefined) continue;
      if (table.length !== undefined) {
        const leave = [...sums].map(([index, name]) => `${name} -= m${index}[row - ${table.length}];`);
        lines.push(`if (row - ${table.length} >= begin) { ${leave.join(" ")} }`);
      }
      for (const [index, name] of sums) lines.push(`${name} += v${index};`);
    }
    return lines;
  }

  /** Code on evaluated rows: windows whose length varies, and events. A lifetime begins with the entity's first period. */
  atEvaluation(): readonly string[] {
    const lines: string[] = [];
    for (const { id, table, sums } of this.#windows.values()) {
      if (table.lifetime || table.length !== undefined) continue;
      const first = this.#writer.table(table.firstPeriod);
      const last = this.#writer.table(table.lastPeriod);
      const enter = [...sums].map(([index, name]) => `${name} += m${index}[e${id}];`);
      const leave = [...sums].map(([index, name]) => `${name} -= m${index}[f${id}];`);
      lines.push(
        `for (const n${id} = Math.min(row, ${last}[row + offset] - offset); e${id} <= n${id}; e${id}++) { ${enter.join(" ")} }`,
        `for (const n${id} = ${first}[row + offset] - offset; f${id} < n${id} && f${id} < e${id}; f${id}++) { ${leave.join(" ")} }`,
      );
    }
    for (const { id, kind, table } of this.#counts.values()) {
      const first = this.#writer.table(table.firstDay);
      const last = this.#writer.table(table.lastDay);
      lines.push(
        `for (const n${id} = ${last}[row + offset]; j${id} < z${id} && eventKnownDay[j${id}] <= n${id}; j${id}++) { if (eventKind[j${id}] === ${kind}) c${id} += 1; }`,
        `for (const n${id} = ${first}[${table.lifetime ? "begin" : "row"} + offset]; i${id} < j${id} && eventKnownDay[i${id}] < n${id}; i${id}++) { if (eventKind[i${id}] === ${kind}) c${id} -= 1; }`,
      );
    }
    for (const { id, table } of this.#ranges.values()) {
      const [first, last] = [this.#writer.table(table.firstDay), this.#writer.table(table.lastDay)];
      const opening = `${first}[${table.lifetime ? "begin" : "row"} + offset]`;
      lines.push(
        `for (const n = ${last}[row + offset]; b${id} < eventStart[entity + 1] && eventKnownDay[b${id}] <= n; b${id}++) { }`,
        `for (const n = ${opening}; a${id} < b${id} && eventKnownDay[a${id}] < n; a${id}++) { }`,
      );
    }
    return lines;
  }
}
