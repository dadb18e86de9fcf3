/** What drives it: what each part of the score weighs beside what it is said to weigh, and which change moves whom. */
import type { FlipCause, FlipCauses, Influence, ScoreWeights } from "../../simulations/comparison/index.ts";
import {
  capitalise,
  countInWords,
  countOf,
  formatCount,
  formatNumber,
  formatShare,
  formatSigned,
  sharePair,
  uncapitalise,
} from "../formats/index.ts";
import { notDetermined, numberOf } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { removalBlocks, removalMethod } from "./removals-figure.ts";
import type { Block, Figure, Section } from "./report.ts";
import { fewEntities } from "./small-data.ts";

const modes = ["full", "method"] as const;
/** Rows that a chart shows; its table has up to `tableMax`. */
const drawnMax = 12;
const tableMax = 25;
/** A part decides clearly more or less than its weight says from this difference on. */
const gapMin = 0.05;

/** Undefined for a comparison that was made before this was computed. */
export function drivesSection(facts: Facts): Section | undefined {
  const { influence } = facts.candidate;
  if (influence === undefined) return undefined;
  return {
    id: "drives",
    name: "What drives it",
    blocks: [
      ...weightsBlocks(facts, influence),
      ...removalBlocks(facts, influence),
      ...causesBlocks(facts, influence),
      methodNote(facts, influence),
    ],
  };
}

function weightsBlocks(facts: Facts, { baseline, candidate }: Influence): readonly Block[] {
  if (candidate.kind === "undetermined") {
    const subtitle = `${candidate.reason}; ${candidate.wouldDetermine} would determine it.`;
    return [{ modes, kind: "finding", title: "What decides the score is not determined", subtitle }];
  }
  return [{ modes, kind: "figure", figure: weightsFigure(facts, candidate, baseline.kind === "weights" ? baseline : undefined) }];
}

function weightsFigure(facts: Facts, weights: ScoreWeights, before: ScoreWeights | undefined): Figure {
  const { candidateVersion: version, baselineVersion, many, when } = facts;
  const shown = weights.parts.toSorted((a, b) => b.declared - a.declared).slice(0, drawnMax);
  const title =
    weights.entities < fewEntities
      ? `${capitalise(countInWords(weights.entities))} ${weights.entities === 1 ? facts.one : many} with a score: too few to say what decides it`
      : weightsTitle(weights, many);
  const of =
    weights.entities === weights.scored
      ? formatCount(weights.scored)
      : `${formatCount(weights.entities)} of ${formatCount(weights.scored)}`;
  return {
    id: "weights",
    title,
    subtitle: `Per cent of ${weights.score.toLowerCase()} under ${version}: the weight that the policy declares, and the share of the differences between ${many} that the part carries; n\u00a0=\u00a0${of} rated ${many} with a score in ${when}; recorded scores, no interval.`,
    chart: {
      kind: "paired-rows",
      label: title,
      valueHeading: "Declared and effective weight, %",
      pairHeading: "declared → effective",
      changeHeading: "Effective less declared, points",
      changeColumn: "",
      axis: { prefix: "", suffix: "", isChange: false },
      changeAxis: { prefix: "", suffix: "", isChange: true },
      rows: shown.map((part) => {
        const effective = numberOf(part.effective);
        const old = before?.parts.find(({ score }) => score === part.score);
        const oldEffective = old === undefined ? undefined : numberOf(old.effective);
        return {
          label: part.title,
          notes: [
            part.dimension === part.title ? "" : `part of ${part.dimension.toLowerCase()}`,
            old === undefined || oldEffective === undefined ? "" : `${baselineVersion}: ${pairWords(old.declared, oldEffective)}`,
          ].filter((note) => note !== ""),
          isBounds: false,
          baseline: { value: part.declared * 100 },
          candidate: effective === undefined ? {} : { value: effective * 100 },
          pairText: effective === undefined ? notDetermined : pairWords(part.declared, effective),
          change: effective === undefined ? {} : { value: (effective - part.declared) * 100 },
          changeText: effective === undefined ? "" : formatSigned((effective - part.declared) * 100, 1),
          changeIntervalText: "",
        };
      }),
    },
    key: [
      { mark: "baseline-point", words: "declared weight" },
      { mark: "candidate-point", words: "effective weight" },
    ],
    table: {
      columns: [
        { title: "version", format: "text" },
        { title: "part", format: "text" },
        { title: "of", format: "text" },
        { title: "declared", format: "share" },
        { title: "effective", format: "share" },
      ],
      rows: [...(before === undefined ? [] : rowsOf(baselineVersion, before)), ...rowsOf(version, weights)],
      currency: "",
    },
    links: figureLinks(facts, "weights"),
  };
}

function rowsOf(version: string, { parts }: ScoreWeights) {
  return parts
    .slice(0, drawnMax)
    .map((part) => [version, part.title, part.dimension, part.declared, numberOf(part.effective) ?? notDetermined]);
}

function pairWords(declared: number, effective: number): string {
  return `${formatNumber(declared * 100, 1)} → ${formatShare(effective)}`;
}

/** Names the part whose effective weight lies furthest from the declared one, once it is clearly apart. */
/** A part that is missing for more than a tenth decides less for that reason, and its title says so. */
const knownShareMin = 0.9;

function weightsTitle({ parts, entities }: ScoreWeights, many: string): string {
  const gaps = parts.flatMap((part) => {
    const effective = numberOf(part.effective);
    return effective === undefined ? [] : [{ part, effective, gap: effective - part.declared }];
  });
  if (gaps.length === 1) return `${gaps[0]?.part.title ?? ""} alone makes the score`;
  const widest = gaps.toSorted((a, b) => Math.abs(b.gap) - Math.abs(a.gap))[0];
  if (widest === undefined || Math.abs(widest.gap) < gapMin) return "Every part decides about as much as its weight says";
  const [effective, declared] = sharePair(widest.effective, widest.part.declared);
  const { known = entities } = widest.part;
  if (known < entities * knownShareMin)
    return `${widest.part.title} is known of ${formatCount(known)} of ${formatCount(entities)} ${many} only: it decides ${effective} of the differences, not ${declared}`;
  if (widest.effective < 0) return `${widest.part.title} pulls against the score: it carries ${effective} of the differences`;
  return `${widest.part.title} decides ${widest.gap > 0 ? "more" : "less"} than its weight says: ${effective}, not ${declared}`;
}

function causesBlocks(facts: Facts, { flips }: Influence): readonly Block[] {
  if (flips.kind === "undetermined") {
    const subtitle = `${flips.reason}; ${flips.wouldDetermine} would determine it.`;
    return [{ modes, kind: "finding", title: "Which change moves whom is not determined", subtitle }];
  }
  if (flips.movers === 0) {
    const subtitle = `No ${facts.one} holds another tier in ${facts.when}.`;
    return [{ modes, kind: "finding", title: "Nobody moves, so no change moves anybody", subtitle }];
  }
  if (flips.causes.length === 0) return [];
  return [
    { modes, kind: "figure", figure: causesFigure(facts, flips) },
    // Of one change alone the title says it all.
    ...(flips.causes.length > 1 ? [{ modes, kind: "prose" as const, spans: [{ text: sumsWords(facts, flips), strong: false }] }] : []),
  ];
}

function causesFigure(facts: Facts, flips: FlipCauses): Figure {
  const { many, when, baselineVersion, candidateVersion } = facts;
  const title = causesTitle(flips);
  const examined = flips.examined === flips.movers ? "" : ` (of ${formatCount(flips.movers)} movers, evenly chosen)`;
  const row = (cause: FlipCause) => ({
    label: cause.title,
    note: "",
    mark: { value: cause.undone },
    estimateText: formatCount(cause.undone),
    intervalText: `${formatCount(cause.onlyThis)} / ${formatCount(cause.enough)}`,
    isTotal: false,
    isEmphasised: false,
  });
  return {
    id: "flip-causes",
    title,
    subtitle: `Movers that hold the tier of ${baselineVersion} again when this one change of ${candidateVersion} is undone; then those whom only this change undoes, and those whom it alone would move; n\u00a0=\u00a0${countOf(flips.examined, "mover")}${examined} of all ${many} in ${when}; counts, no interval.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "movers whom undoing the change returns",
      columns: ["Undone", "Only this / it alone"],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: false },
      rows: flips.causes.slice(0, drawnMax).map(row),
    },
    key: [{ mark: "candidate-point", words: "movers, a count" }],
    table: {
      columns: [
        { title: "change", format: "text" },
        { title: "path", format: "text" },
        { title: "undone by it", format: "count" },
        { title: "undone by no other", format: "count" },
        { title: "moved by it alone", format: "count" },
      ],
      rows: flips.causes.slice(0, tableMax).map((cause) => [cause.title, cause.path, cause.undone, cause.onlyThis, cause.enough]),
      currency: "",
    },
    links: figureLinks(facts, "flip-causes"),
  };
}

function causesTitle({ causes, examined, together }: FlipCauses): string {
  const [first, second] = causes;
  if (first === undefined || first.undone === 0) return `No single change explains any of ${countOf(examined, "mover")}`;
  const whole = first.undone === examined ? `all ${formatCount(examined)}` : `${formatCount(first.undone)} of ${formatCount(examined)}`;
  if (causes.length === 1) return `One change moves them: ${uncapitalise(first.title)}`;
  if (second !== undefined && second.undone === first.undone) return `Two changes decide for as many: each undoes ${whole} movers`;
  const rest = together > first.undone ? `; ${formatCount(together)} take several changes together` : "";
  return `Undoing the change of ${uncapitalise(first.title)} alone returns the most movers, ${whole}${rest}`;
}

function sumsWords(facts: Facts, { causes, examined, several, together }: FlipCauses): string {
  const single = causes.reduce((sum, { onlyThis }) => sum + onlyThis, 0);
  return `Of ${countOf(examined, "mover")}, ${formatCount(single)} would stay under ${facts.baselineVersion}'s tier if one particular change were left out, ${formatCount(several)} if any one of two or more were, and ${formatCount(together)} only if several were left out together.`;
}

function methodNote(facts: Facts, influence: Influence): Block {
  const { candidate, flips } = influence;
  const sampled =
    candidate.kind === "weights" && candidate.entities < candidate.scored ? " Entities are chosen evenly in the order of their keys." : "";
  const changes = flips.kind === "causes" ? ` ${countOf(flips.causes.length, "change")} were tried.` : "";
  return {
    modes: ["method"],
    kind: "note",
    title: "How influence is measured",
    paragraphs: [
      `Declared: the weights down to a part, each over the sum of its sum's weights. Effective: cov(contribution, score) / var(score) over rated ${facts.many} with a score, a contribution being the weight that counts for that ${facts.one} (missing parts shared out) times the part's value; the shares sum to 1 (Shorrocks 1982; on weights that are not importance: Paruolo, Saisana and Saltelli 2013). A part that hardly differs between ${facts.many} decides little, whatever its weight. The shares speak of these ${facts.many} and this date, not of causes.${sampled}`,
      ...removalMethod(facts, influence),
      `A metric and the curve that scores it are one change; a limit goes with the tier that asks it. Each change is undone alone in ${facts.candidateVersion}, and made alone in ${facts.baselineVersion}, and the movers' whole histories are replayed.${changes} Undone by one only + by any of several + by several together = all movers examined. Counts of single changes overlap and do not sum.`,
    ],
  };
}
