/** From one evaluation to the next: tables of steps, and what the rules and the data say of memory. */
import type { Course, Transitions } from "../../simulations/comparison/index.ts";
import type { Found } from "../../simulations/statistics/index.ts";
import { formatFigure, listInWords } from "../formats/index.ts";
import { estimateCells, methodWords, notDetermined, numberOf } from "./estimate-words.ts";
import type { Facts } from "./facts.ts";
import { heading, rowsMost } from "./recovery-blocks.ts";
import type { Block, ReportTable } from "./report.ts";

/** Shares of the tiers, and of closing, that follow a tier. */
export function stepsTable(facts: Facts, { rows }: Transitions): ReportTable {
  const states = [...new Set(rows.flatMap(({ to }) => to.map((one) => one.to)))];
  const place = (name: string) => (name === "closed" ? facts.tiers.length : facts.tiers.findIndex((tier) => tier.name === name));
  const columns = states.toSorted((a, b) => place(a) - place(b)).slice(0, 9);
  return {
    columns: [
      heading("tier now", "text"),
      ...columns.map((name) => heading(`then ${name}`, "share")),
      heading("evaluations"),
      heading(facts.many),
    ],
    rows: rows
      .slice(0, rowsMost)
      .map((row) => [
        row.from,
        ...columns.map((name) => (row.to.find(({ to }) => to === name)?.steps ?? 0) / Math.max(1, row.steps)),
        row.steps,
        row.entities,
      ]),
    currency: "",
  };
}

/** How long a tier is held: by the one-step probability, and as observed. */
export function staysTable(facts: Facts, course: Course): ReportTable {
  return {
    columns: [
      heading("version", "text"),
      heading("tier", "text"),
      heading("held again", "share"),
      heading("lower", "share"),
      heading("upper", "share"),
      heading("expected evaluations", "number"),
      heading("expected median", "count"),
      heading("observed median", "count"),
    ],
    rows: rowsOfBoth(facts, course).map(({ version, row }) => {
      const held = row.to.find(({ to }) => to === row.from)?.probability;
      return [
        version,
        row.from,
        ...(held === undefined ? [0, "", ""] : estimateCells(held)),
        numberOf(row.expectedDwell) ?? notDetermined,
        row.expectedMedian ?? "not reached",
        row.observedMedian ?? "not reached",
      ];
    }),
    currency: "",
  };
}

/** Whether the present tier says all: the share in it two evaluations on, against one step taken twice. */
export function twoStepsTable(facts: Facts, course: Course): ReportTable {
  return {
    columns: [
      heading("version", "text"),
      heading("tier", "text"),
      heading("in it two evaluations on", "share"),
      heading("one step twice", "share"),
      heading("difference", "points"),
      heading("lower", "points"),
      heading("upper", "points"),
    ],
    rows: rowsOfBoth(facts, course).flatMap(({ version, row: { from, twoStep } }) =>
      twoStep === undefined ? [] : [[version, from, twoStep.observed, twoStep.predicted, ...estimateCells(twoStep.difference)]],
    ),
    currency: "",
  };
}

function rowsOfBoth(facts: Facts, { transitions }: Course) {
  const versions = [
    { version: facts.baselineVersion, steps: transitions.baseline },
    { version: facts.candidateVersion, steps: transitions.candidate },
  ];
  return versions.flatMap(({ version, steps }) => steps.rows.map((row) => ({ version, row }))).slice(0, rowsMost);
}

/** Steps, mobility, tests and methods, in words. */
export function stepsNote(facts: Facts, course: Course): Block {
  const { tests, transitions, net } = course;
  const memory = [
    { version: facts.baselineVersion, steps: transitions.baseline },
    { version: facts.candidateVersion, steps: transitions.candidate },
  ].map(({ version, steps }) => memoryWords(version, steps));
  return {
    modes: ["method"],
    kind: "note",
    title: "Steps, stays and tests",
    paragraphs: [
      ...memory,
      `Mobility (Shorrocks' trace index): ${facts.baselineVersion} ${mobilityWords(transitions.baseline)}; ${facts.candidateVersion} ${mobilityWords(transitions.candidate)}. 0: nobody moves; 1: the next tier does not depend on the present one.`,
      `Tests of the matrix, one row a ${facts.one}: ${testWords("Stuart-Maxwell (does each tier hold as many)", tests.stuartMaxwell)}; ${testWords("Bowker (do every two tiers exchange evenly)", tests.bowker)}. They ask whether chance could have moved these ${facts.many} so; both versions are rules, and what they do to these ${facts.many} is a count. No finding rests on them.`,
      `Net movement: ${methodWords(net.netShare)} Time to recover: Aalen and Johansen's estimate with closing as another end; the interval takes each ${facts.one}'s stays together.`,
      `The matrix of any other date: counterweight comparison movement ${facts.context.runId} --at YYYY-MM-DD.`,
    ],
  };
}

function memoryWords(version: string, { rules, departures }: Transitions): string {
  const why =
    rules.length === 0
      ? `No rule of ${version} reads more than the present evaluation.`
      : `By the rules of ${version} the next tier depends on more than the present one: ${listInWords(rules)}.`;
  const seen =
    departures === undefined
      ? "Whether two steps differ from one step taken twice is not told: no tier has an interval for it."
      : departures.length === 0
        ? "In these data two steps do not differ from one step taken twice by more than chance gives."
        : `In these data two steps differ from one step taken twice for ${listInWords(departures)}: multiplying the matrix by itself would mislead.`;
  return `${why} ${seen}`;
}

function mobilityWords({ mobility }: Transitions): string {
  if (mobility.kind === "undetermined") return `${notDetermined} (${mobility.reason})`;
  const { value, interval } = mobility;
  return interval === undefined
    ? formatFigure(value, 3)
    : `${formatFigure(value, 3)} (${formatFigure(interval.lower, 3)} to ${formatFigure(interval.upper, 3)})`;
}

function testWords(name: string, found: Found): string {
  if (found.kind === "undetermined" || found.test === undefined)
    return `${name}: ${found.kind === "undetermined" ? found.reason : notDetermined}`;
  const { statistic, degreesOfFreedom, pValue } = found.test;
  const exact = found.test.name.includes("exact") ? ", exact sign flips" : "";
  const p = pValue < 0.0001 ? "p\u00a0<\u00a00.0001" : `p\u00a0=\u00a0${formatFigure(pValue, 2)}`;
  return `${name}: ${formatFigure(statistic ?? 0, 4)} on ${String(degreesOfFreedom ?? "")} degrees of freedom${exact}, ${p}`;
}
