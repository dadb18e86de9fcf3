/** The baseline's replay beside the tiers really assigned: where they agree, and why they part. */
import type { AssignedTable } from "../../simulations/comparison/index.ts";
import { formatCount, formatDate, formatNumber, formatRange, formatShareInProse, uncapitalise } from "../formats/index.ts";
import { methodWords, shareInterval } from "./estimate-words.ts";
import type { Facts } from "./facts.ts";
import type { Block, ReportTable } from "./report.ts";

const modes = ["full", "method"] as const;

/** Empty when the panel holds no assigned tier. */
export function assignedBlocks(facts: Facts): readonly Block[] {
  const { assigned } = facts.comparison;
  if (assigned === undefined) return [];
  const { range, end, classes, timingPeriods } = assigned;
  const unit = `${facts.one}-${facts.periods}`;
  const parted = range.total - range.agreeing;
  const listed = classes.filter(({ entityPeriods }) => entityPeriods > 0).toSorted((a, b) => b.entityPeriods - a.entityPeriods);
  const [most] = listed;
  const why: readonly Block[] =
    most === undefined
      ? []
      : [
          {
            modes,
            kind: "table",
            name: "Why the two part",
            isOpen: true,
            table: {
              columns: [
                { title: "Class", format: "text" },
                { title: unit, format: "count" },
                { title: "Of those that part", format: "share" },
              ],
              rows: listed.map(({ meaning, entityPeriods }) => [meaning, entityPeriods, entityPeriods / parted]),
              currency: "",
            },
          },
          {
            modes,
            kind: "aside",
            text: `Each ${unit.replace(/s$/, "")} that parts is in the first class that holds, in the order: unknown name, start, movement, data, timing (within ${formatCount(timingPeriods)} ${facts.periods}), one step, another rule.`,
          },
        ];
  const atEnd: readonly Block[] =
    end === undefined
      ? []
      : [{ modes, kind: "table", name: `Assigned and replayed at ${formatDate(end.at)}`, table: confusionTable(end), isOpen: false }];
  return [
    {
      modes,
      kind: "finding",
      title:
        most === undefined
          ? "The replay and the assigned tiers never part"
          : `Where the two part, most often: ${uncapitalise(most.meaning).replace(/:.*$|\.$/, "")}`,
      subtitle: `${formatCount(range.agreeing)} of ${formatCount(range.total)} ${unit} agree: ${shareWords(range)}. ${kappaWords(range)}${end === undefined ? "" : ` At ${formatDate(end.at)}: ${shareWords(end)}. ${kappaWords(end)}`}`,
    },
    ...why,
    { modes, kind: "table", name: "Assigned (rows) and replayed (columns), the whole range", table: confusionTable(range), isOpen: false },
    ...atEnd,
    {
      modes: ["method"],
      kind: "note",
      title: "Agreement and kappa",
      paragraphs: [
        "Kappa is agreement beyond chance: (agreement − chance) / (1 − chance), chance from the two margins; 0 is what independent tiers with the same shares would give, 1 is full agreement. Cohen (1960); error by linearisation (Fleiss, Cohen and Everitt 1969) with all periods of an entity together.",
        methodWords(range.kappa),
      ],
    },
  ];
}

function shareWords({ share }: AssignedTable): string {
  if (share.kind === "undetermined") return `not determined, ${share.reason}`;
  const interval = shareInterval(share);
  return `${formatShareInProse(share.value)}${interval === "" ? "" : ` (${interval})`}`;
}

function kappaWords({ kappa }: AssignedTable): string {
  if (kappa.kind === "undetermined") return `Kappa is not determined: ${kappa.reason}.`;
  const { interval } = kappa;
  const ends = interval === undefined ? "" : ` (${formatRange(formatNumber(interval.lower, 2), formatNumber(interval.upper, 2))})`;
  return `Kappa ${formatNumber(kappa.value, 2)}${ends}.`;
}

/** At most this many assigned names; the rest has few and is summed. */
const namesMax = 20;

function confusionTable({ rows, columns, counts }: AssignedTable): ReportTable {
  const shown = rows.slice(0, namesMax).map((name, row) => [name, ...(counts[row] ?? [])]);
  const rest = counts.slice(namesMax);
  const others =
    rest.length === 0 ? [] : [["other names", ...columns.map((_, column) => rest.reduce((sum, row) => sum + (row[column] ?? 0), 0))]];
  return {
    columns: [{ title: "Assigned", format: "text" }, ...columns.map((title) => ({ title, format: "count" as const }))],
    rows: [...shown, ...others],
    currency: "",
  };
}
