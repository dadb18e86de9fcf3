/** Design and observations -> Analysis: health first, then what may be read. */
import { digestOfValue } from "../../../data/foundation/index.ts";
import { analysedDesign, type ExperimentDesign } from "../design/experiment-design.ts";
import { interferenceWarning } from "../interference/warning.ts";
import { comparedArms } from "../observations/compared-arms.ts";
import type { Observations } from "../observations/observations.ts";
import type { Analysis } from "./analysis.ts";
import { betweenCandidates } from "./between-candidates.ts";
import { evidenceOf, evidenceWords, tunedForOf } from "./evidence.ts";
import type { TriggeredCandidate } from "./exposure-health.ts";
import { familyWords } from "./families.ts";
import { growingEvidence } from "./growing-looks.ts";
import { judgeHealth } from "./health.ts";
import { judgedWords } from "./judged.ts";
import { judgedUnits, unitsOf } from "./judged-units.ts";
import { sinceExposureOf } from "./novelty.ts";
import { recommend } from "./recommend.ts";
import { rolledOut } from "./rolled-out.ts";
import { judgesOf, scorecardOf } from "./scorecard.ts";
import { segmentsOf } from "./segments.ts";
import { sensitivityOf } from "./sensitivity.ts";
import { toldBetween, toldEach, toldRows, toldUnder } from "./stopped.ts";
import { timeCourseOf } from "./time-course.ts";
import { windowsInWords } from "./windows.ts";

/** The digest of a design: its identity. */
export function designDigest(design: ExperimentDesign): string {
  return digestOfValue(design);
}

/**
 * Everything about an experiment's data. Pure: equal inputs give equal bytes. Which look this is follows from the plan, the units that are there, and the
 * units that were there at earlier observations (`earlier`, in any order; both as `judgedUnits` counts them; `watched`: as `watchedBefore` finds; `before`: the earlier observations, asked for where a plan looks several times at values that grow). `triggered`: by candidate the analysis from the first divergence, whose balance is judged. `locked`: the design as it was
 * locked, by which what was planned is told from what is exploratory.
 */
export function analyse(
  design: ExperimentDesign,
  observed: Observations,
  {
    earlier = [],
    watched,
    before = () => [],
    triggered = [],
    locked = design,
  }: {
    readonly earlier?: readonly number[];
    readonly watched?: string | undefined;
    readonly before?: () => readonly Observations[];
    readonly triggered?: readonly TriggeredCandidate[];
    readonly locked?: ExperimentDesign;
  } = {},
): Analysis {
  const seen = unitsOf(observed);
  const sinceExposure = sinceExposureOf(design, observed);
  const health = judgeHealth(design, observed, { sinceExposure, triggered });
  const told = toldUnder(health);
  const interference = interferenceWarning(design);
  const evidence = growingEvidence(design, observed, before) ?? evidenceOf(design, judgedUnits(design, observed), earlier, watched);
  const windows = windowsInWords(design);
  const judged = analysedDesign(design);
  const compared = comparedArms(judged, observed);
  const scorecard = scorecardOf(judged, compared.arms, evidence, observed.arms);
  const judges = judgesOf(judged, evidence);
  const segments = segmentsOf(judges.primary, observed);
  const recommendations = recommend(design, scorecard, { health, evidence, segments });
  const between = betweenCandidates(judged, { arms: compared.arms, plain: observed.arms }, { evidence, locked, recommendations });
  const inAll = rolledOut(judged, observed, { judges, compared: compared.arms, scorecard, interference });
  return {
    experiment: design.name,
    designDigest: designDigest(design),
    level: design.level,
    units: seen,
    arms: design.arms.map(({ name, share }, index) => ({ name, planned: share, units: observed.arms[index]?.units ?? 0 })),
    evidence,
    evidenceWords: evidenceWords(design, evidence),
    familyWords: familyWords(design, evidence),
    tunedFor: tunedForOf(design),
    ...(interference === undefined ? {} : { interference }),
    health,
    scorecard: toldRows(scorecard, told),
    segments: toldEach(segments, told),
    timeCourse: timeCourseOf(judged, observed),
    sinceExposure,
    sensitivity: sensitivityOf(judges, observed, compared.arms),
    ...quantileWords(design, observed),
    ...(windows === undefined ? {} : { windowWords: windows }),
    ...(compared.words === undefined ? {} : { strataWords: compared.words }),
    besideWords: judgedWords({ evidence }),
    recommendations,
    ...(inAll === undefined ? {} : { rolledOut: { ...inAll, rows: toldEach(inAll.rows, told) } }),
    ...(between === undefined ? {} : { between: toldBetween(between, told) }),
  };
}

/** What stands beside other metrics and not beside quantiles. */
function quantileWords({ metrics }: ExperimentDesign, { quantilesByDay }: Observations): Pick<Analysis, "quantileWords"> {
  const titles = metrics.filter(({ form }) => form.kind === "quantile").map(({ title }) => title);
  if (titles.length === 0) return {};
  if (quantilesByDay !== undefined)
    return {
      quantileWords: `Of ${titles.join(" and ")} there is no effect by week since exposure: quantiles do not add up over days, nor over segments that are taken together. Their course over days is found anew at up to twenty days, of primary metrics and guardrails.`,
    };
  return {
    quantileWords: `Of ${titles.join(" and ")} there is no course over days and no effect by week since exposure: quantiles do not add up over days, nor over segments that are taken together.`,
  };
}
