/** What happens along the range: time in tiers, how long adverse stays last, who stands near a line, other dates, steps, and the tests. */
import type { BoundaryCrowd, Course } from "../../simulations/comparison/index.ts";
import { capitalise, countOf, formatCount, formatDate, formatFigure, formatPoints, formatShare, sharePair } from "../formats/index.ts";
import { barsOf } from "./bars.ts";
import { estimateCells, markOf, notDetermined, numberOf, pointsInterval, shareInterval } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { rangeWords, recoveryBlocks, rowsMost, heading as text } from "./recovery-blocks.ts";
import type { Block, Figure, ReportTable } from "./report.ts";
import { shareBeside } from "./small-data.ts";
import { staysTable, stepsNote, stepsTable, twoStepsTable } from "./steps-blocks.ts";
import { thin } from "./tiers-section.ts";
import { startWords } from "./trust-section.ts";

const modes = ["full", "method"] as const;

/** None for a comparison that was kept before these figures were known. */
export function courseBlocks(facts: Facts): readonly Block[] {
  const { course } = facts.candidate;
  if (course === undefined) return [];
  return [
    { modes, kind: "figure", figure: tierTimeFigure(facts, course) },
    ...recoveryBlocks(facts, course),
    ...boundaryBlocks(facts, course),
    { modes, kind: "table", name: "Net movement by tier", table: netTable(facts, course), isOpen: false },
    { modes, kind: "table", name: "Movement at other dates", table: datesTable(facts, course), isOpen: false },
    ...([facts.baselineVersion, facts.candidateVersion] as const).map((version, side): Block => {
      const steps = side === 0 ? course.transitions.baseline : course.transitions.candidate;
      return {
        modes: ["method"],
        kind: "table",
        name: `From one evaluation to the next, under ${version}`,
        table: stepsTable(facts, steps),
        isOpen: false,
      };
    }),
    { modes, kind: "aside", text: burnInWords(facts) },
    { modes: ["method"], kind: "table", name: "Evaluations in a tier", table: staysTable(facts, course), isOpen: true },
    { modes: ["method"], kind: "table", name: "Two steps against one step twice", table: twoStepsTable(facts, course), isOpen: true },
    stepsNote(facts, course),
  ];
}

function burnInWords(facts: Facts): string {
  const matters = [facts.comparison.baseline, facts.candidate].some(({ policy }) => policy.startMatters.periods > 0);
  return `${capitalise(startWords(facts))}.${matters ? " Figures over the range include what comes from that start." : ""}`;
}

function tierTimeFigure(facts: Facts, { tierTime }: Course): Figure {
  const { range } = facts.candidate;
  const unit = `${facts.one}-${facts.periods}`;
  const title = tierTimeTitle(facts, tierTime);
  const rows = tierTime.map((row) => {
    const change = numberOf(row.change);
    return {
      label: row.tier,
      note: "",
      mark: markOf(row.change, 100),
      estimateText: change === undefined ? notDetermined : `${formatPoints(change)}\u00a0pp`,
      intervalText: row.change.kind === "estimate" ? pointsInterval(row.change) : "",
      isTotal: row.isTotal,
      isEmphasised: false,
    };
  });
  const bars = barsOf(facts, rows, `${facts.many} resampled`);
  return {
    id: "tier-time",
    title,
    subtitle: `Change of the share of all ${unit}, ${rangeWords(facts)}; n\u00a0=\u00a0${countOf(range.entities, facts.one, facts.many)}, ${formatCount(range.entityPeriods)} ${unit}; ${bars.words}.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: `change, ${facts.baselineVersion} to ${facts.candidateVersion}`,
      columns: ["Change", bars.column],
      isCompact: false,
      axis: { prefix: "", suffix: "\u00a0pp", isChange: true },
      rows,
    },
    key: [{ mark: "candidate-dot", words: "change" }, ...bars.key],
    table: {
      columns: [
        text("tier", "text"),
        text(`${unit}, ${facts.baselineVersion}`),
        text(`${unit}, ${facts.candidateVersion}`),
        text("change of the share", "points"),
        text("lower", "points"),
        text("upper", "points"),
      ],
      rows: tierTime.map((row) => [row.tier, row.baseline, row.candidate, ...estimateCells(row.change)]),
      currency: "",
    },
    links: figureLinks(facts, "tier-time"),
  };
}

/** The adverse tiers together, or the only one; without one the tier that changes most. */
function tierTimeTitle(facts: Facts, tierTime: Course["tierTime"]): string {
  const unit = `${facts.one}-${facts.periods}`;
  if (tierTime.every(({ baseline, candidate, change }) => baseline === candidate && (numberOf(change) ?? 0) === 0))
    return `Every tier holds as many ${unit} under both versions`;
  const most = tierTime.toSorted((a, b) => Math.abs(numberOf(b.change) ?? 0) - Math.abs(numberOf(a.change) ?? 0))[0];
  const row = tierTime.find(({ isTotal }) => isTotal) ?? tierTime.find(({ adverse }) => adverse) ?? most;
  if (row === undefined) return `No ${unit} in any tier`;
  const all = Math.max(1, facts.candidate.range.entityPeriods);
  const [from, to] = sharePair(row.baseline / all, row.candidate / all);
  const where = row.isTotal ? facts.adverseWords : row.tier;
  if (row.baseline === row.candidate) return `Time in ${where} is the same under both versions: ${to} of ${unit}`;
  const interval = row.change.kind === "estimate" ? row.change.interval : undefined;
  const isClear = interval !== undefined && (interval.lower > 0 || interval.upper < 0);
  const verb = row.candidate > row.baseline ? "grows" : "shrinks";
  return `Time in ${where} ${verb} from ${from.replace(/\u00a0?%$/, "")} to ${to} of ${unit}${isClear ? "" : ", within what another draw could give"}`;
}

function boundaryBlocks(facts: Facts, { boundary }: Course): readonly Block[] {
  const sides = [
    { version: facts.baselineVersion, crowd: boundary.baseline },
    { version: facts.candidateVersion, crowd: boundary.candidate },
  ];
  const told = sides.flatMap(({ version, crowd }) =>
    crowd.epsilon === undefined ? [] : [crowdWords(facts, version, crowd, crowd.epsilon)],
  );
  if (told.length === 0) return [];
  const rules = sides.flatMap(({ version, crowd }) =>
    crowd.epsilon === undefined ? [`${version}: ${crowd.rule}`] : [`${version}: ${formatFigure(crowd.epsilon, 3)}, ${crowd.rule}`],
  );
  return [
    {
      modes,
      kind: "finding",
      title: capitalise(told.join("; ")),
      subtitle: `${capitalise(facts.many)} whose headline score is that near to a number that tiers turn on, ${facts.when}; counts. How near: ${rules.join("; ")}.`,
    },
    {
      modes,
      kind: "table",
      name: "Near each line",
      isOpen: true,
      table: {
        columns: [text("version", "text"), text("line", "number"), text("within", "number"), text("below it"), text("at or above it")],
        rows: sides
          .flatMap(({ version, crowd }) => crowd.lines.map(({ at, below, above }) => [version, at, crowd.epsilon ?? "", below, above]))
          .slice(0, rowsMost),
        currency: "",
      },
    },
  ];
}

function crowdWords(facts: Facts, version: string, { near, scored, share }: BoundaryCrowd, epsilon: number): string {
  const interval = shareInterval(share);
  return `${countOf(near, facts.one, facts.many)} of ${formatCount(scored)} rated by a score${interval === "" ? "" : shareBeside(scored, formatShare(near / Math.max(1, scored)))} ${near === 1 ? "stands" : "stand"} within ${formatFigure(epsilon, 3)} of a line of ${version}`;
}

function netTable(facts: Facts, { net }: Course): ReportTable {
  return {
    columns: [
      text("tier", "text"),
      text(`leave it, ${facts.baselineVersion} to ${facts.candidateVersion}`),
      text("enter it"),
      text("net"),
      text("net, of all", "points"),
      text("lower", "points"),
      text("upper", "points"),
    ],
    rows: [
      ...net.byTier.map(({ tier, leave, enter, net: own, netShare }) => [tier, leave, enter, own, ...estimateCells(netShare)]),
      ["up less down", "", "", net.net, ...estimateCells(net.netShare)],
      ["all movers", "", "", net.gross, ...estimateCells(net.grossShare)],
    ],
    currency: "",
  };
}

function datesTable(facts: Facts, { dates }: Course): ReportTable {
  return {
    columns: [
      text(`${facts.period} to`, "text"),
      text("movers"),
      text("up"),
      text("down"),
      text("into unrated"),
      text("out of unrated"),
      text("newly adverse"),
      text("released"),
    ],
    rows: thin(dates, Math.ceil(dates.length / rowsMost)).map((date) => [
      formatDate(date.at),
      date.movers,
      date.up,
      date.down,
      date.intoUnrated,
      date.outOfUnrated,
      date.newlyAdverse,
      date.released,
    ]),
    currency: "",
  };
}
