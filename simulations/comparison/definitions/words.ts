/** Words that definitions share: dates, counts, methods. */
import { effectiveSizeMin, labelledShareMin } from "../errors/estimator-table.ts";

export const entityBootstrap = "entity-cluster bootstrap (Poisson weights), BCa: Efron (1987), Hanley and MacGibbon (2006)";
export const totalBootstrap = "entity-cluster bootstrap (Poisson weights), studentised: Hall (1992); achieved coverage printed";
export const wilsonScore = "Wilson score interval: Wilson (1927)";
export const atEnd = "last period of the range (d)";
export const overRange = "the range";
export const atMature =
  "last evaluation of the range with d + h + lag <= known-at about which the source has labels (all: the source with the most)";
export const walkedPeriods = "evaluations of the range that had a model and whose horizon is complete";
export const count = "count of recorded history, exact";
export const partialInterval =
  "Interval: Wilson's for as many labels as give the linearised variance, Kott and Carr (1997); change: square-and-add, Zou and Donner (2008)";
export const headlineRule = `all labelled: the count; else the first of two-phase, audits, doubly robust, stratified, labelled only that has an estimate on ${effectiveSizeMin} effective labels or more, and unless it rests on audits labels on ${labelledShareMin * 100} % or more of each side (of a rate: held adverse, and the others; of a change: newly adverse, released, held alike; labelled only: each of the four groups)`;
