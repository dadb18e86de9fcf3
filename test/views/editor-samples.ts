/** The policy editor with every field filled in. */
import { whatIfAnswerSample } from "./what-if-samples.ts";

/** A text with faults, and a sound one with figures. */
export function editorSamples(hostile: string) {
  const base = {
    notices: [] as readonly string[],
    programme: "seller-performance",
    version: "1.0.0",
    title: `Seller performance ${hostile}`,
    text: `title: x # ${hostile}\n</textarea><script>alert(1)</script>\n`,
    starts: [{ name: "text", words: "its own text", current: true }],
    baselines: [{ reference: "seller-performance@1.0.0", selected: true }],
    datasets: [{ id: "d-1", title: `Demo ${hostile}`, selected: true }],
    unanswered: "",
    refused: "",
  };
  const whole = {
    ...base,
    refused: "This cannot be saved yet",
    findings: {
      said: "1 error, 1 note",
      isSound: false,
      problems: [
        {
          severity: "error" as const,
          code: "unknown-key",
          message: `No key ${hostile}.`,
          cure: `Cure ${hostile}`,
          line: 1,
          column: 3,
          file: "",
        },
        {
          severity: "note" as const,
          code: "cycle",
          message: "It rounds.",
          cure: "Nothing to do.",
          line: 0,
          column: 0,
          file: `a ${hostile}.yaml`,
        },
      ],
      lines: [
        { number: 1, text: `title: ${hostile}`, isMarked: true },
        { number: 2, text: "", isMarked: false },
      ],
      difference: {
        against: "1.0.0",
        summary: "One change.",
        changes: [
          {
            words: `Gold asks for 86 ${hostile}`,
            direction: "stricter" as const,
          },
        ],
      },
    },
    levers: [
      {
        name: "gold_line",
        id: "set.gold_line",
        title: `Gold ${hostile}`,
        own: "86",
        value: "86",
        problem: `Stay within. ${hostile}`,
        slider: { lower: 75, upper: 95, step: 1, unit: "" },
      },
    ],
    unanswered: `Not yet ${hostile}`,
    opening: { words: "Reading", percent: 12 },
    answer: whatIfAnswerSample(hostile),
  };
  return [whole, { ...whole, levers: [], refused: "" }];
}
