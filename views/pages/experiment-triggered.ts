/** The analysis from the first divergence on, set for the page of an experiment. */
import type { TriggeredAnalysis } from "../../simulations/experiments/index.ts";
import { countOf, formatCount, formatDate, formatSignificant } from "../formats/index.ts";
import type { TriggeredPart } from "./experiment-context.ts";
import { changeUnit, effectText, plainUnit, pText } from "./experiment-words.ts";

/** A candidate's analysis over the weeks that a dataset holds. Days: `YYYY-MM-DD`, the last of each period. */
export function triggeredPart(
  arm: string,
  { from, to }: { readonly from: string; readonly to: string },
  { units, triggered, population, balance, isBalanced, invalid, effects, assumptions }: TriggeredAnalysis,
): TriggeredPart {
  const all = units.control + units.treatment;
  const met = triggered.control + triggered.treatment;
  const said = (found: TriggeredAnalysis["effects"][number]["plain"], isPart = false): string =>
    found.kind === "undetermined" ? `not determined: ${found.reason}` : effectText(found.estimate, changeUnit({ form: "", isPart }));
  const parting = balance.filter(({ control, treatment }) => control + treatment > 0);
  const named = (measure: string): string => measure.replaceAll("_", " ");
  return {
    title: `${arm}: ${countOf(met, "unit")} of ${formatCount(all)} would be treated otherwise at all`,
    lead: `Both policies are scored for every unit of both arms, ${formatDate(from)} to ${formatDate(to)}. ${
      isBalanced
        ? "As many units part in both arms as there should be."
        : "Not as many units part in both arms as there should be: scoring depends on the arm, and nothing below may be read."
    }${invalid === undefined ? "" : ` Nothing below is valid: ${invalid}.`}`,
    tables: [
      {
        title: "Effect on an average unit of the whole",
        columns: [
          "Measure",
          "From the first divergence on",
          "p",
          "Without triggering",
          "Fewer units for the same width",
          "While the tiers differ now",
        ],
        rows: effects.map(({ measure, isPart, diluted, plain, gain, naive }) => [
          named(measure),
          said(diluted, isPart),
          pText(diluted.kind === "finding" ? diluted.test?.pValue : undefined),
          said(plain, isPart),
          gain === undefined ? "" : `${formatSignificant(gain, 2)} times`,
          said(naive, isPart),
        ]),
        note: `Units that never part count 0 in both arms, which takes their noise out. "While the tiers differ now" is shown because it is often computed: it is biased, since who differs now is a result of the treatment. Assumed: ${assumptions.join("; ")}.`,
      },
      {
        title: `In all, if ${formatCount(population)} units were given it`,
        columns: ["Measure", "In the experiment's weeks", "An average week of them"],
        rows: effects.flatMap(({ measure, inAll }) =>
          inAll === undefined ? [] : [[named(measure), effectText(inAll.total, plainUnit), effectText(inAll.perWeek, plainUnit)]],
        ),
        note: "The effect on an average unit of the whole, from the first divergence on, times the units that would be given the candidate: those of all arms and those that are kept out so far, without a holdout, or as many as the plan states. More units have parted in later weeks than in an average one. Ratios do not add up over units.",
      },
      {
        title: "By how they part for the first time",
        columns: ["Stratum", "Control", "Candidate", "p of as many in both"],
        rows: parting.map(({ stratum, control, treatment, pValue }) => [
          stratumName(stratum),
          formatCount(control),
          formatCount(treatment),
          pText(pValue),
        ]),
        note: "",
      },
      {
        title: "What differs, by how they part",
        columns: ["Measure", ...parting.map(({ stratum }) => stratumName(stratum))],
        rows: effects.map(({ measure, isPart, groups }) => [
          named(measure),
          ...parting.map(({ stratum }) => {
            const group = groups.find((one) => one.stratum === stratum);
            return group === undefined ? "" : said(group.effect, isPart);
          }),
        ]),
        note: "Differences a unit of the stratum, candidate less control, after the first divergence.",
      },
    ],
  };
}

function stratumName(stratum: string): string {
  return stratum === "all" ? "all that part" : stratum === "terms" ? "same tier, other consequences" : stratum;
}
