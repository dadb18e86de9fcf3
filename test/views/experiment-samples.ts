/** Contexts of the experiments' pages with every field filled in. */
import type { ChartSpec, ExperimentPicture, ExperimentTable } from "../../views/index.ts";

/** By page; each list holds a full context and a bare one. */
export function experimentSamples(hostile: string, notices: readonly string[]) {
  const chart: ChartSpec = {
    kind: "curve",
    label: "Power",
    xHeading: "Units",
    yHeading: "Power",
    lines: [
      {
        name: "power",
        points: [
          [1, 0.2],
          [2, 0.5],
          [3, 0.8],
        ],
      },
    ],
  };
  const agreement: ChartSpec = {
    kind: "agreement",
    label: "Results by forecasts",
    xHeading: "Forecast",
    yHeading: "Result",
    axis: { prefix: "", suffix: "\u00a0%", isChange: true },
    points: [
      { number: 1, label: hostile, across: { value: -2, lower: -4, upper: 0 }, up: { value: -1, lower: -3, upper: 1 }, isCounted: true },
      { number: 2, label: "gold", across: { value: 1 }, up: {}, isCounted: false },
    ],
  };
  const picture: ExperimentPicture = { title: `kept is better ${hostile}`, subtitle: "n = 20", chart };
  const table: ExperimentTable = {
    title: `Scorecard ${hostile}`,
    columns: ["Metric", "p"],
    rows: [[hostile, "0.01"]],
    note: "Methods: score test.",
  };
  const locked = {
    notices,
    name: "gold-line",
    title: `Gold ${hostile}`,
    hypothesis: hostile,
    state: "decided" as const,
    digest: "0123456789abcdef",
    lockedAt: "2025-03-03 10:05",
    isDealt: true,
    arms: [
      { name: "control", share: 0.5, policy: "seller-performance@1.0.0" },
      { name: hostile, share: 0.5, policy: "seller-performance@2.0.0" },
    ],
    source: `experiment: gold-line # ${hostile}`,
    amendments: [{ createdAt: "2025-03-09 08:00", reason: hostile, changes: [{ path: "level", from: "0.95", to: "0.9" }] }],
    problems: [{ field: "decide", message: hostile, cure: "Name one of the candidates." }],
    observed: { file: hostile, createdAt: "2025-05-01 09:00", digest: "fedcba9876543210", analysis: "abcdef0123456789" },
    parts: {
      interference: { words: `One unit sells what another loses ${hostile}.`, cure: "Deal whole markets." },
      evidence: "This is the plan's one look: effects are judged by their tests.",
      health: {
        state: "care" as const,
        mayBeRead: true,
        banner: "Read with care.",
        checks: [{ state: "care" as const, title: "Sample ratio", finding: hostile, cure: "Find where units are lost." }],
      },
      answers: [{ arm: hostile, decision: "ship", reasons: [hostile] }],
      effects: [{ picture, readings: [{ role: "guardrail", words: hostile, guardrail: "Shown safe." }], scorecard: table }],
      interactions: { finding: hostile, table },
      rolledOut: { findings: [hostile], table },
      between: { isPlanned: false, finding: hostile, bases: [{ name: hostile, isChosen: true }], table },
      courses: [picture],
      segments: [table],
      sensitivity: table,
    },
    divergence: {
      datasets: [{ id: "demo-sellers-1", title: `Demo ${hostile}`, isChosen: true }],
      parts: [{ title: `20 units ${hostile}`, lead: "Both policies are scored.", tables: [table] }],
    },
    isFile: false,
    typed: { observations: hostile, by: hostile, reason: hostile },
    candidates: ["gentle"],
    decisions: [
      {
        arm: hostile,
        decision: "ship",
        recommended: "hold",
        reason: hostile,
        decidedBy: hostile,
        createdAt: "2025-05-02 09:00",
        analysisDigest: "abcdef0123456789",
      },
    ],
    heldBack: { lead: hostile, readings: [hostile], tables: [table] },
    forecast: {
      run: "3f2a9c41d07b",
      hasResult: true,
      readings: [hostile],
      picture,
      tables: [table],
      notForecast: [{ title: hostile, why: hostile }],
      scaling: [hostile],
    },
  };
  return {
    experiments: [
      {
        notices,
        experiments: [
          {
            name: "gold-line",
            title: `Gold ${hostile}`,
            state: "decided" as const,
            arms: ["control", hostile],
            createdAt: "2025-03-03 10:00",
            decision: "gentle: ship",
          },
        ],
      },
      { notices: [], experiments: [] },
    ],
    "experiment-form": [
      {
        notices,
        text: hostile,
        history: "seller,kept",
        datasets: [{ id: "demo", title: hostile, selected: true }],
        problems: [{ field: "text", message: `Line 1: ${hostile}`, cure: "Add 'title:'." }],
        outcomes: [
          { title: `Sales ${hostile}`, href: "/experiments/new?run=r1&primary=sales", isChosen: true },
          { title: "Left before the end", href: "/experiments/new?run=r1&primary=exit", isChosen: false },
        ],
        sizes: [
          {
            title: `Kept ${hostile}`,
            role: "primary",
            past: "0.6",
            effect: "0.02",
            units: "18000",
            detectable: "0.06",
            power: "30 %",
            chart,
          },
        ],
        past: {
          lead: hostile,
          metrics: [{ title: hostile, words: [hostile] }],
          clusters: table,
          support: [{ arm: hostile, words: [hostile], tables: [table] }],
        },
      },
    ],
    experiment: [
      locked,
      { ...locked, state: "being designed" as const, lockedAt: "" },
      { ...locked, isFile: true, decisions: [] },
      { ...locked, state: "locked" as const },
    ],
    "experiment-calibration": [
      {
        notices,
        parts: {
          counted: "12 experiments count.",
          findings: [{ term: "Mean error", text: hostile }],
          picture: { ...picture, chart: agreement },
          table,
          caveats: [hostile],
          multiplier: "Times marketplace-default: 0.6.",
          takeOver: `traffic_elasticity: # ${hostile}`,
        },
        without: [{ experiment: "gold-line", why: hostile }],
      },
    ],
  };
}
