/** What the pages of experiments are told. Numbers are words already, as `experimentParts` writes them. */
import type { ChartSpec } from "../charts/chart-spec.ts";
import type { FormProblem, PageFrame } from "./page-frame.ts";

/** An experiment in a list. Times: `YYYY-MM-DD HH:MM`. */
export interface ExperimentSummary {
  readonly name: string;
  readonly title: string;
  readonly state: "being designed" | "locked" | "observed" | "decided";
  readonly arms: readonly string[];
  readonly createdAt: string;
  /** The last decision, in words; empty while there is none. */
  readonly decision: string;
}

/** `/experiments`. */
export interface ExperimentsContext extends PageFrame {
  readonly experiments: readonly ExperimentSummary[];
}

/** `/experiments/new`: the design as a text, and units of the past to size it by. A plain form (POST to `/experiments`). */
export interface ExperimentFormContext extends PageFrame {
  readonly text: string;
  readonly history: string;
  /** Datasets of the home: one may be chosen in place of pasted units. */
  readonly datasets: readonly { readonly id: string; readonly title: string; readonly selected: boolean }[];
  readonly problems: readonly FormProblem[];
  /** Of a comparison's design: the primary outcomes that it may be written for. */
  readonly outcomes?: readonly { readonly title: string; readonly href: string; readonly isChosen: boolean }[];
  /** What was found with units of the past; absent before anything was computed. */
  readonly sizes?: readonly DesignSize[];
  /** What the chosen dataset says beside the sizes. */
  readonly past?: DesignPast;
}

/** A dataset's own history beside a design, in sentences and tables. */
export interface DesignPast {
  readonly lead: string;
  /** By metric. */
  readonly metrics: readonly { readonly title: string; readonly words: readonly string[] }[];
  readonly clusters: ExperimentTable;
  /** By candidate, where arms are policies. */
  readonly support: readonly { readonly arm: string; readonly words: readonly string[]; readonly tables: readonly ExperimentTable[] }[];
}

/** How many units a metric needs. */
export interface DesignSize {
  readonly title: string;
  readonly role: string;
  readonly past: string;
  readonly effect: string;
  readonly units: string;
  readonly detectable: string;
  readonly power: string;
  /** Power by units; absent where no effect is planned for. */
  readonly chart?: ChartSpec;
}

/** A health check. */
export interface HealthLine {
  readonly state: "sound" | "care" | "stop";
  readonly title: string;
  readonly finding: string;
  readonly cure: string;
}

/** A chart with its words. */
export interface ExperimentPicture {
  readonly title: string;
  readonly subtitle: string;
  readonly chart: ChartSpec;
}

/** A table of words. */
export interface ExperimentTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Below it; may be empty. */
  readonly note: string;
}

/** One candidate against the control, from the first divergence on. */
export interface TriggeredPart {
  readonly title: string;
  readonly lead: string;
  readonly tables: readonly ExperimentTable[];
}

/** What was shipped to all but the units held back. */
export interface HeldBackPart {
  readonly lead: string;
  /** One sentence a metric. */
  readonly readings: readonly string[];
  readonly tables: readonly ExperimentTable[];
}

/** What one candidate does: a picture, a line a metric in plain words, every figure. */
export interface ArmEffects {
  readonly picture: ExperimentPicture;
  readonly readings: readonly { readonly role: string; readonly words: string; readonly guardrail: string }[];
  readonly scorecard: ExperimentTable;
}

/** What an analysis says, for the page. */
export interface ExperimentParts {
  /** By what effects are judged at this look. */
  readonly evidence: string;
  /** What units of one arm may gain from what units of another lose; empty where nothing is to be said. */
  readonly interference: { readonly words: string; readonly cure: string };
  /** `mayBeRead`: no check stops the reading of effects. */
  readonly health: {
    readonly state: "sound" | "care" | "stop";
    readonly mayBeRead: boolean;
    readonly banner: string;
    readonly checks: readonly HealthLine[];
  };
  readonly answers: readonly { readonly arm: string; readonly decision: string; readonly reasons: readonly string[] }[];
  /** By candidate. */
  readonly effects: readonly ArmEffects[];
  /** What effects come to in all, where candidates are given to everybody; a sentence for each primary metric that is shown to change, or that none is. */
  readonly rolledOut?: { readonly findings: readonly string[]; readonly table: ExperimentTable };
  /** Where other experiments share units. */
  readonly interactions?: { readonly finding: string; readonly table: ExperimentTable };
  /** Candidates against each other, where there are two or more. `bases`: which of them the others may be set against. */
  readonly between?: {
    readonly isPlanned: boolean;
    readonly finding: string;
    readonly bases: readonly { readonly name: string; readonly isChosen: boolean }[];
    readonly table: ExperimentTable;
  };
  readonly courses: readonly ExperimentPicture[];
  readonly segments: readonly ExperimentTable[];
  readonly sensitivity?: ExperimentTable;
}

/** `/experiments/<name>`: design, health, scorecard, time course, decision. */
export interface ExperimentContext extends PageFrame {
  readonly name: string;
  readonly title: string;
  readonly hypothesis: string;
  readonly state: ExperimentSummary["state"];
  readonly digest: string;
  readonly lockedAt: string;
  /** Whether arms follow from the design; else they are recorded with the observations. */
  readonly isDealt: boolean;
  readonly arms: readonly { readonly name: string; readonly share: number; readonly policy: string }[];
  readonly source: string;
  readonly amendments: readonly {
    readonly createdAt: string;
    readonly reason: string;
    readonly changes: readonly { readonly path: string; readonly from: string; readonly to: string }[];
  }[];
  readonly problems: readonly FormProblem[];
  /** What was sent and refused stays in its field. */
  readonly typed: { readonly observations: string; readonly by: string; readonly reason: string };
  /** `analysis`: the digest of what is shown, which a decision keeps; empty where nothing is. */
  readonly observed?: { readonly file: string; readonly createdAt: string; readonly digest: string; readonly analysis: string };
  readonly parts?: ExperimentParts;
  /** From the first divergence on: where arms are policies that are dealt by a rule. `parts` are empty until a dataset is chosen. */
  readonly divergence?: {
    readonly datasets: readonly { readonly id: string; readonly title: string; readonly isChosen: boolean }[];
    readonly parts: readonly TriggeredPart[];
  };
  /** A file that stands alone: no forms, no links. */
  readonly isFile: boolean;
  readonly candidates: readonly string[];
  readonly decisions: readonly {
    readonly arm: string;
    readonly decision: string;
    readonly recommended: string;
    readonly reason: string;
    readonly decidedBy: string;
    readonly createdAt: string;
    readonly analysisDigest: string;
  }[];
  /** Where the design names a comparison. */
  readonly forecast?: ForecastParts;
  /** Where the design measures a holdout. */
  readonly heldBack?: HeldBackPart;
}

/** A forecast beside its result, on the page of an experiment. */
export interface ForecastParts {
  /** Id of the comparison. */
  readonly run: string;
  /** Whether anything that was forecast is measured. */
  readonly hasResult: boolean;
  /** One sentence a metric. */
  readonly readings: readonly string[];
  /** Absent where no metric is forecast. */
  readonly picture?: ExperimentPicture;
  readonly tables: readonly ExperimentTable[];
  readonly notForecast: readonly { readonly title: string; readonly why: string }[];
  /** How it was put on the experiment's scale, and when not to believe it. */
  readonly scaling: readonly string[];
}
