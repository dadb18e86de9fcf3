/** What each chart is told: plain numbers and words. Same specification, same bytes. */

/** Which tier, by rank: `t-<rank>` classes carry the colour. See `tierColour`. */
export interface ChartTier {
  readonly name: string;
  /** Class suffix of the tier's colour: `good-0`, `adverse-2`, `unrated`. */
  readonly colour: string;
}

/** A value on a scale; limits without a value are bounds (hatched, no dot). */
export interface ChartInterval {
  readonly value?: number;
  readonly lower?: number;
  readonly upper?: number;
}

/** A row of a chart that is also a table. */
export interface IntervalRow {
  /** Of compact amounts: the same to the cent, under the pointer. */
  readonly exact?: ExactAmounts;
  readonly label: string;
  /** Smaller words under the label; may be empty. */
  readonly note: string;
  readonly mark: ChartInterval;
  /** `estimate`: the text column beside the marks; `interval`: the second one, may be empty. */
  readonly estimateText: string;
  readonly intervalText: string;
  readonly isTotal: boolean;
  readonly isEmphasised: boolean;
}

/** An amount and its interval to the cent; empty where there is none. */
export interface ExactAmounts {
  readonly estimate: string;
  readonly interval: string;
}

/** A row that shows baseline and candidate, and the change between them. */
export interface PairedRow {
  readonly label: string;
  readonly notes: readonly string[];
  readonly isBounds: boolean;
  readonly baseline: ChartInterval;
  readonly candidate: ChartInterval;
  readonly pairText: string;
  readonly change: ChartInterval;
  readonly changeText: string;
  readonly changeIntervalText: string;
}

/** How a scale's numbers are written at its ticks. */
export interface AxisWords {
  readonly prefix: string;
  readonly suffix: string;
  /** Prints `+` before positive ticks: the scale is one of changes. */
  readonly isChange: boolean;
  /** Of amounts that are written with few digits: how many of the whole unit one of the axis is; the pointer shows the product. */
  readonly full?: { readonly prefix: string; readonly times: number };
}

/** One chart, by kind. `label` is read aloud instead of the drawing. */
export type ChartSpec =
  | { readonly kind: "mini-none"; readonly label: string }
  | { readonly kind: "mini-split"; readonly label: string; readonly down: number; readonly up: number; readonly other: number }
  | { readonly kind: "mini-interval"; readonly label: string; readonly rows: readonly ChartInterval[]; readonly ticks: AxisWords }
  | {
      readonly kind: "mini-bars";
      readonly label: string;
      readonly bars: readonly { readonly share: number; readonly text: string; readonly isEmphasised: boolean }[];
    }
  | { readonly kind: "mini-known"; readonly label: string; readonly share: number }
  | TiersOverTimeSpec
  | MovementMatrixSpec
  | {
      readonly kind: "flow";
      readonly label: string;
      readonly baseline: string;
      readonly candidate: string;
      readonly tiers: readonly ChartTier[];
      readonly streams: readonly FlowStream[];
      readonly notDrawn: string;
    }
  | {
      readonly kind: "interval-rows";
      readonly label: string;
      readonly heading: string;
      readonly columns: readonly [string, string];
      readonly rows: readonly IntervalRow[];
      readonly axis: AxisWords;
      readonly isCompact: boolean;
    }
  | {
      readonly kind: "paired-rows";
      readonly label: string;
      readonly valueHeading: string;
      readonly pairHeading: string;
      readonly changeHeading: string;
      readonly changeColumn: string;
      readonly rows: readonly PairedRow[];
      readonly axis: AxisWords;
      readonly changeAxis: AxisWords;
    }
  | {
      readonly kind: "coverage";
      readonly label: string;
      readonly rows: readonly {
        readonly label: string;
        readonly fine: number;
        readonly harmful: number;
        readonly entities: number;
        readonly text: string;
        readonly shareText: string;
      }[];
    }
  | CurveSpec
  | SharesSpec
  | EntityHistorySpec
  | MetricGridSpec
  | PresenceSpec
  | AgreementSpec;

/** Share of entities by tier and period under both versions: one panel a tier. Values in per cent. */
export interface TiersOverTimeSpec {
  readonly kind: "tiers-over-time";
  readonly label: string;
  readonly periods: readonly string[];
  readonly panels: readonly {
    readonly name: string;
    readonly tier?: ChartTier;
    readonly baseline: readonly number[];
    readonly candidate: readonly number[];
    readonly isSame: boolean;
  }[];
  /** Every panel spans this many points. */
  readonly span: number;
}

/** Everyone, by held tier under both versions. */
export interface MovementMatrixSpec {
  readonly kind: "movement-matrix";
  readonly label: string;
  readonly baseline: string;
  readonly candidate: string;
  readonly rows: readonly ChartTier[];
  readonly columns: readonly ChartTier[];
  readonly cells: readonly (readonly { readonly entities: number; readonly direction: "down" | "up" | "same" | "other" }[])[];
  /** What follows each cell's address, `<from>/<to>` below the page's own `movement/`; absent: cells lead nowhere. */
  readonly linkQuery?: string;
}

/** Movers from one tier to another. */
export interface FlowStream {
  readonly from: number;
  readonly to: number;
  readonly entities: number;
  readonly direction: "down" | "up" | "other";
}

/** Lines over a continuous scale. */
export interface CurveSpec {
  readonly kind: "curve";
  readonly label: string;
  readonly xHeading: string;
  readonly yHeading: string;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
    /** Drawn dashed and grey. */
    readonly isBaseline?: boolean;
  }[];
  /** Intervals along the scale: x, lower, upper. */
  readonly bands?: readonly (readonly (readonly [number, number, number])[])[];
  /** The point that was asked about. */
  readonly mark?: readonly [number, number];
}

/** Stacked shares: each row sums to 100 %. */
export interface SharesSpec {
  readonly kind: "shares";
  readonly label: string;
  /** For many rows: across the whole column, label and note on one line. */
  readonly isDense?: boolean;
  readonly bands: readonly { readonly name: string; readonly isEmphasised: boolean }[];
  readonly rows: readonly {
    readonly label: string;
    readonly note: string;
    /** Of a note that is a compact amount: the same to the cent, under the pointer. */
    readonly exact?: string;
    readonly shares: readonly number[];
    readonly texts: readonly string[];
  }[];
}

/** One entity: score lines over a band of tiers for each version. */
export interface EntityHistorySpec {
  readonly kind: "entity-history";
  readonly label: string;
  readonly periods: readonly string[];
  readonly versions: readonly {
    readonly version: string;
    readonly isBaseline: boolean;
    readonly scores: readonly (number | undefined)[];
    readonly tiers: readonly (ChartTier | undefined)[];
  }[];
}

/** One entity's metrics over time: one panel each, on one scale of dates. */
export interface MetricGridSpec {
  readonly kind: "metric-grid";
  readonly label: string;
  readonly periods: readonly string[];
  /** Periods in which events became known. */
  readonly events: readonly { readonly at: number }[];
  readonly panels: readonly {
    readonly title: string;
    readonly note: string;
    /** `share`, `money`, `count`, `days`, `points`, `date` or `number`. */
    readonly unit: string;
    readonly currency: string;
    /** Positions in `periods` of the values that are drawn. */
    readonly positions: readonly number[];
    /** `name`: the version, where there is more than one line; else empty. */
    readonly series: readonly {
      readonly name: string;
      readonly isBaseline: boolean;
      readonly index: number;
      readonly values: readonly (number | undefined)[];
    }[];
    /** `tier`: what a tier asks for; `score`: a point of a curve, drawn fainter. */
    readonly lines: readonly {
      readonly value: number;
      readonly label: string;
      readonly isBaseline: boolean;
      readonly kind: "tier" | "score";
    }[];
    /** At the same positions as the values. */
    readonly volume: readonly (number | undefined)[];
    /** Positions of evaluations; empty where there are too many to tell apart. */
    readonly evaluated: readonly number[];
    /** Stretches without a value, first to last position. */
    readonly missing: readonly (readonly [number, number])[];
  }[];
}

/** Entities present by period, with those that enter and leave. */
export interface PresenceSpec {
  readonly kind: "presence";
  readonly label: string;
  /** Periods that one bar sums; 1 in short histories. */
  readonly periodsABar: number;
  readonly periods: readonly string[];
  readonly present: readonly number[];
  readonly first: readonly number[];
  readonly last: readonly number[];
}

/** What was forecast beside what came out, on one scale. */
export interface AgreementSpec {
  readonly kind: "agreement";
  readonly label: string;
  readonly xHeading: string;
  readonly yHeading: string;
  readonly axis: AxisWords;
  readonly points: readonly {
    readonly number: number;
    readonly label: string;
    readonly across: ChartInterval;
    readonly up: ChartInterval;
    readonly isCounted: boolean;
  }[];
}
