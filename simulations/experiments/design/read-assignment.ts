/** How units come into arms: the assignment of a design file. */
import { type Fields, fieldsOf, type MapNode, type Problems, placeOf } from "../../../policies/language/index.ts";
import { designShapes } from "./design-shapes.ts";
import type { Arm, Assignment, DealingRule, DealtThing, LayerPart, ObservationColumns } from "./experiment-design.ts";
import { readHoldout, readMeasured } from "./read-holdout.ts";
import { oneOf, readDays, readNames, readShare } from "./read-values.ts";

const ways = ["cluster", "switchback", "strata", "balance"] as const;

/** How arms are dealt here: of arms that were dealt elsewhere they say nothing. */
const ofDealing = ["algorithm", "strata", "balance", "layer", "holdout", "ramp", "overrides"] as const;

/** The rule of the map, or that arms are recorded; undefined after a fault. */
export function readAssignment(
  map: MapNode | undefined,
  { arms, columns }: { readonly arms: readonly Arm[]; readonly columns: ObservationColumns | undefined },
  problems: Problems,
): Assignment | undefined {
  if (map === undefined) return undefined;
  const fields = fieldsOf(map, designShapes.assignment, "the assignment", problems);
  const salt = fields.text("salt");
  const measures = fields.text("measures");
  if (measures !== undefined) return readMeasured(measures, { map, arms }, problems);
  if (fields.flag("recorded")) {
    if (salt !== undefined) {
      problems.add("bad-form", placeOf(salt), { message: "an arm is dealt by a salt or recorded, not both", cure: "Keep one of the two." });
    }
    if (columns !== undefined && columns.arm === undefined) {
      problems.add("missing-key", placeOf(map), {
        message: "the arm is recorded, and no column says it",
        cure: "Add 'arm:' to 'columns'.",
      });
    }
    for (const key of ofDealing.filter((each) => fields.entry(each) !== undefined)) {
      problems.add("bad-form", placeOf(fields.entry(key)?.value ?? map), {
        message: `'${key}' says how arms are dealt here, and these are recorded: they were dealt elsewhere`,
        cure: key === "strata" ? "Remove it; 'strata' of the plan compares recorded arms within strata." : "Remove it.",
      });
    }
    const deals = readDeals(fields, map, columns, problems);
    return { kind: "recorded", ...(deals.kind === "cluster" || deals.kind === "switchback" ? { deals } : {}) };
  }
  if (salt === undefined) {
    problems.add("missing-key", placeOf(map), { message: "the assignment has no salt", cure: "Add 'salt: <text>', or 'recorded: true'." });
    return undefined;
  }
  const algorithm = oneOf(fields.text("algorithm"), ["sha256-1", "growthbook-2"] as const, problems, {
    "growthbook-1": "version 1 of that scheme deals units to experiments that are not independent of each other; use growthbook-2",
  });
  const deals = readDeals(fields, map, columns, problems);
  const ramp = readShare(fields.text("ramp"), problems, "20 %");
  if (fields.text("ramp") !== undefined && deals.kind === "list") {
    problems.add("bad-form", placeOf(map), {
      message: "a list is dealt at once, and has no ramp",
      cure: "Remove 'ramp', or deal later units by a further list.",
    });
  }
  const layer = readLayer(fields.map("layer"), problems);
  const holdout = readHoldout(fields.map("holdout"), problems);
  const overrides = readOverrides(fields.map("overrides"), arms, problems);
  return {
    kind: "rule",
    algorithm: algorithm ?? "sha256-1",
    salt: salt.text,
    ...(deals.kind === "unit" ? {} : { deals }),
    ...(layer === undefined ? {} : { layer }),
    ...(holdout === undefined ? {} : { holdout }),
    ...(ramp === undefined || ramp === 1 ? {} : { ramp }),
    ...(overrides === undefined ? {} : { overrides }),
  };
}

function readDeals(fields: Fields, map: MapNode, columns: ObservationColumns | undefined, problems: Problems): DealtThing {
  const given = ways.filter((way) => fields.entry(way) !== undefined && way !== "balance");
  if (given.length > 1) {
    problems.add("bad-form", placeOf(map), {
      message: `units are dealt by ${given.join(" and by ")} at once`,
      cure: `Keep one of ${given.join(", ")}.`,
    });
  }
  const cluster = fields.text("cluster");
  if (cluster !== undefined) return { kind: "cluster", column: cluster.text };
  const span = fields.map("switchback");
  if (span !== undefined) {
    if (columns?.day === undefined) {
      problems.add("missing-key", placeOf(map), {
        message: "a switchback deals spans of days, and no column says the day",
        cure: "Add 'day:' to 'columns'.",
      });
    }
    return readSwitchback(span, problems);
  }
  const [strata, balance] = [readNames(fields, "strata", problems), readNames(fields, "balance", problems)];
  return strata.length + balance.length === 0 ? { kind: "unit" } : { kind: "list", strata, balance };
}

function readSwitchback(map: MapNode, problems: Problems): DealtThing {
  const fields = fieldsOf(map, designShapes.switchback, "the switchback", problems);
  const everyDays = readDays(fields.text("every"), problems, "7 days") ?? 1;
  const washoutDays = readDays(fields.text("washout"), problems, "1 day") ?? 0;
  if (washoutDays >= everyDays) {
    problems.add("out-of-range", placeOf(map), {
      message: `${washoutDays} days of washout leave nothing of a span of ${everyDays}`,
      cure: "Let spans be longer than their washout.",
    });
  }
  return { kind: "switchback", everyDays, washoutDays };
}

function readLayer(map: MapNode | undefined, problems: Problems): LayerPart | undefined {
  if (map === undefined) return undefined;
  const fields = fieldsOf(map, designShapes.layer, "the layer", problems);
  const [name, from, to] = [
    fields.text("name"),
    readShare(fields.text("from"), problems, "0 %"),
    readShare(fields.text("to"), problems, "50 %"),
  ];
  if (name === undefined || from === undefined || to === undefined) return undefined;
  if (from >= to) {
    problems.add("out-of-range", placeOf(map), {
      message: "a part of a layer ends above where it begins",
      cure: "Write 'from: 0 %' and 'to: 50 %' or the like.",
    });
  }
  return { name: name.text, from, to };
}

function readOverrides(map: MapNode | undefined, arms: readonly Arm[], problems: Problems): DealingRule["overrides"] {
  if (map === undefined) return undefined;
  return Object.fromEntries(
    map.entries.flatMap(({ key, value }) => {
      if (value.kind !== "text") return [];
      const names = arms.map(({ name }) => name);
      return oneOf(value, names, problems) === undefined ? [] : [[key.text, value.text]];
    }),
  );
}
