/** Where the numbers come from, so that anybody can make them again. */
import { countOf, formatCount, formatDate, listInWords } from "../formats/index.ts";
import type { Facts } from "./facts.ts";
import type { Report } from "./report.ts";
import { triedWords } from "./verdict-section.ts";
import { segmentWords } from "./who-bears-it.ts";

/** Term and text, with the digest where there is one. */
export function provenanceOf(facts: Facts): Report["provenance"] {
  const { comparison, candidate, context } = facts;
  const { panel, provenance } = comparison;
  const status = (version: string) => (context.status?.[version] === undefined ? "" : `, ${context.status[version]}`);
  const policy = (view: typeof candidate.policy) => ({
    text: `${view.programme} ${view.version}${status(view.version)}`,
    code: `sha256:${view.digest}`,
  });
  const dataset = context.dataset;
  const judged = context.verdicts?.[facts.candidateVersion];
  const rejected =
    dataset.rejectedRows === 0 ? "no rejected rows" : `${formatCount(dataset.rejectedRows)} rows rejected at import, counted and listed`;
  return [
    { term: "Baseline", ...policy(comparison.baseline.policy) },
    { term: "Candidate", ...policy(candidate.policy) },
    {
      term: "Dataset",
      text: `${dataset.title ?? dataset.name}, ${countOf(panel.entitiesEver, facts.one, facts.many)}, ${countOf(panel.periods, facts.period, facts.periods)}; ${rejected}`,
      code: `sha256:${dataset.digest}`,
    },
    ...(provenance.segments === undefined
      ? []
      : [
          {
            term: "Groups",
            text: `${listInWords(provenance.segments.map(segmentWords))}, as asked for; everyone was replayed and counted`,
          },
        ]),
    ...(provenance.assumptions === undefined
      ? []
      : [{ term: "Assumptions", text: candidate.sales?.assumptions?.name ?? "", code: `sha256:${provenance.assumptions}` }]),
    {
      term: "Run",
      text: `engine ${provenance.engine}, seed ${provenance.seed}, ${formatCount(provenance.replicates)} replicates, level ${facts.level}, labels known by ${formatDate(provenance.knownAt)}`,
      code: context.runDigest,
    },
    ...(context.tried === undefined ? [] : [{ term: "Candidates tried", text: triedWords(context.tried) }]),
    ...(judged === undefined
      ? []
      : [
          {
            term: "Criteria",
            text: `${judged.record.file}, recorded ${formatDate(judged.record.recordedAt.slice(0, 10))} by run ${judged.record.recordedBy}`,
            code: `sha256:${judged.record.digest}`,
          },
        ]),
  ];
}
