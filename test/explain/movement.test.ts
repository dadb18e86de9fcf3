/** The rules of movement, case by case, from a table. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { packagePath } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type EntityHistory, evaluateEntity } from "../../policies/explain/index.ts";
import type { Policy, Tier } from "../../policies/language/index.ts";

interface MovementCase {
  readonly name: string;
  readonly merited: string;
  readonly held: string;
  readonly counters?: string;
  readonly promote?: number;
  readonly demote?: number;
  readonly by?: number;
  readonly start?: string;
  readonly hold?: Readonly<Record<string, number>>;
  readonly terminal?: string;
  /** Days of the shield, from the evaluation of this week (the first is 0) on. */
  readonly shield?: number;
  readonly shieldFromWeek?: number;
}

const firstPeriod = 2800;
const ladder = ["g", "s", "w", "r"];
const letters = [...ladder, "u"];

const schema: PanelSchema = {
  entity: "seller",
  grain: "week",
  firstPeriod,
  lastPeriod: firstPeriod + 20,
  measures: [{ name: "steer", kind: "flow", unit: "count", decimals: 0, title: "Steer" }],
  attributes: [{ name: "opened_on", scope: "entity", type: "day", title: "Opened on" }],
  events: [],
  outcomes: [],
  assignedTiers: [],
  knownAt: 30_000,
};

function policyOf(row: MovementCase): Policy {
  const tiers = ladder.map((name, code): Tier => {
    const holdDays = row.hold?.[name];
    return {
      name,
      title: name,
      adverse: code >= 2,
      terminal: row.terminal === name,
      consequences: {},
      when: {
        kind: "compare",
        operator: "=",
        left: { kind: "reference", to: "metric", name: "steer" },
        right: { kind: "number", value: code, unit: "count" },
      },
      ...(holdDays === undefined ? {} : { holdDays }),
    };
  });
  const by = row.by === undefined ? {} : { by: row.by };
  return {
    programme: "table",
    version: "1.0.0",
    title: "Table",
    entity: "seller",
    rationale: "",
    digest: "table",
    parameters: [],
    windows: [],
    ledgers: [],
    caps: [],
    metrics: [
      {
        kind: "sum",
        name: "steer",
        title: "Steer",
        unit: "count",
        of: { kind: "reference", to: "measure", name: "steer" },
        over: { kind: "periods", count: 1 },
      },
    ],
    scores: [],
    conditions: [],
    tiers,
    otherwise: "u",
    movement: {
      evaluate: { kind: "every", unit: "week" },
      promote: { after: row.promote ?? 1, ...by },
      demote: { after: row.demote ?? 1, ...by },
      ...(row.start === undefined ? {} : { start: row.start }),
      ...(row.shield === undefined ? {} : { shield: { days: row.shield, since: "opened_on" } }),
    },
  };
}

function historyOf(row: MovementCase): EntityHistory {
  const openedOn = (firstPeriod + 1 + (row.shieldFromWeek ?? 0)) * 7 - 3;
  const rows = row.merited.split(" ").map((letter, offset) => ({
    period: firstPeriod + offset,
    measures: { steer: letters.indexOf(letter) },
    attributes: { opened_on: openedOn },
  }));
  return { entity: "a", rows, events: [] };
}

describe("movement", () => {
  const table = parse(readFileSync(packagePath("test", "explain", "movement.yaml"), "utf8")) as readonly MovementCase[];
  for (const row of table) {
    it(row.name, () => {
      const rows = evaluateEntity(policyOf(row), schema, historyOf(row));
      expect(rows.map(({ merited }) => letters[merited]).join(" ")).to.equal(row.merited);
      expect(rows.map(({ held }) => letters[held]).join(" ")).to.equal(row.held);
      const last = rows.at(-1);
      if (row.counters !== undefined) expect(`${last?.promoteCount} ${last?.demoteCount}`).to.equal(row.counters);
    });
  }
});
