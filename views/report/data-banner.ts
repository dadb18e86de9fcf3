/** The banner of a page whose data are not sound, and the table of gates behind it. */
import type { Gate, GateName, Gates } from "../../simulations/comparison/index.ts";
import { capitalise, countInWords, countOf, formatDate, formatNumber, formatShareInProse } from "../formats/index.ts";
import type { Facts } from "./facts.ts";
import type { ReportBanner, ReportTable } from "./report.ts";

/** Undefined when every gate is sound. The worst first. */
export function bannerOf(
  gates: Gates | undefined,
  facts: Pick<Facts, "one" | "many" | "period" | "baselineVersion">,
): ReportBanner | undefined {
  if (gates === undefined || gates.state === "sound") return undefined;
  const failing = failingGates(gates);
  return {
    state: gates.state,
    title: gates.state === "stop" ? "Do not decide on this" : "Use with care",
    items: failing.map((gate) => ({
      found: sentences[gate.name](foundWords(gate), facts, gate),
      consequence: gate.consequence,
      cure: gate.cure,
    })),
  };
}

/** What was looked at and how it stands, in one sentence. */
export function gatesTitle(gates: Gates): string {
  const failing = failingGates(gates).length;
  if (failing === 0) return "No gate stands against this comparison";
  return `${capitalise(countInWords(failing))} of ${countInWords(gates.gates.length)} gates ${failing === 1 ? "stands" : "stand"} against it`;
}

/** Every gate with its limits. */
export function gatesTable(gates: Gates): ReportTable {
  return {
    columns: ["Gate", "Found", "Care from", "Stop from", "Stands", "What follows", "Cure"].map((title) => ({
      title,
      format: "text" as const,
    })),
    rows: gates.gates.map((gate) => [
      capitalise(gate.about),
      gate.found === undefined ? "not in the data" : `${foundWords(gate)}${gate.where === undefined ? "" : ` (${whereWords(gate.where)})`}`,
      limitWords(gate, gate.limit.care),
      gate.limit.stop === undefined ? "" : limitWords(gate, gate.limit.stop),
      stateWords[gate.state],
      gate.consequence,
      gate.cure,
    ]),
    currency: "",
  };
}

/** Where it was found, with names and days as a reader writes them. */
function whereWords(where: string): string {
  return where
    .replace(/\.$/, "")
    .replaceAll("_", " ")
    .replace(/\d{4}-\d\d-\d\d/, formatDate);
}

/** What a gate found, said to somebody who has not read what gates are. */
const sentences: Readonly<Record<GateName, (found: string, facts: Parameters<typeof bannerOf>[1], gate: Gate) => string>> = {
  rejected: (share) => `${share} of the rows were rejected at import.`,
  gaps: (share) => `${share} of the rows are gaps inside a history.`,
  missing: (share) => `${share} of the rows lack a measure that the policies read.`,
  assigned: (share, { one, period, baselineVersion }) =>
    `On replay, ${baselineVersion} gives the tier really assigned in ${share} of ${one}-${period}s.`,
  labels: (share, { many }, { where }) =>
    `Outcomes are known for ${share} of the ${many} in the frame${where === undefined ? "" : ", and for too few to say how the false-positive rate changes"}.`,
  shift: (times, { period }, { where = "one measure" }) =>
    `The total of ${where.replace(/, .*$/, "").replaceAll("_", " ")} goes up or down ${times} from one ${period} to the next.`,
  start: (share, { many }) => `For ${share} of the ${many} the tier at the end still depends on where they began.`,
  stale: (days) => `The newest facts are ${days} older than this comparison.`,
};

const stateWords = { sound: "Sound", care: "Care", stop: "Stop", unchecked: "Not checked" } as const;

function failingGates({ gates }: Gates): readonly Gate[] {
  return [...gates.filter(({ state }) => state === "stop"), ...gates.filter(({ state }) => state === "care")];
}

function foundWords({ found = 0, limit }: Gate): string {
  return say(limit.unit, found);
}

function limitWords({ limit }: Gate, value: number): string {
  return `${limit.isFloor === true ? "below" : "above"} ${say(limit.unit, value)}`;
}

function say(unit: Gate["limit"]["unit"], value: number): string {
  if (unit === "share") return formatShareInProse(value);
  return unit === "times" ? `${formatNumber(value, 1)}\u00a0x` : countOf(value, "day");
}
