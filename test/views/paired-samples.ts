/** The page of a replay against a baseline with every field filled in. */
import { pairedSample } from "./builder-samples.ts";
import { whatIfAnswerSample } from "./what-if-samples.ts";

/** As the movement of a what-if. */
export function pairedReplaySample(hostile: string) {
  const { entity, grain, movement, baseline, candidate } = whatIfAnswerSample(hostile);
  const { up: _up, down: _down, ...matrix } = movement;
  const named = ({ name, tiers }: typeof candidate | typeof baseline) => ({ name: `${name} ${hostile}`, tiers });
  return {
    notices: [],
    run: pairedSample(hostile),
    said: `Version 2.0.0 moves 13 of 100 sellers. ${hostile}`,
    matrix: { entity, grain, movement: matrix, baseline: named(baseline), candidate: named(candidate) },
    sales: {
      said: `Sales at stake. ${hostile}`,
      title: "sales at stake",
      table: {
        columns: [
          { title: "part", format: "text" as const },
          { title: "GMV", format: "money" as const },
        ],
        rows: [[`lower ${hostile}`, 12_345]],
        currency: "EUR",
        rowLinks: ["/runs"],
      },
    },
    errors: {
      said: `More known fine sellers are held adverse. ${hostile}`,
      title: "every error rate",
      table: {
        columns: [
          { title: "labels", format: "text" as const },
          { title: "estimate", format: "share" as const },
        ],
        rows: [[`random audit ${hostile}`, 0.04]],
        currency: "",
        rowLinks: [],
      },
    },
    bearers: {
      said: `Small sellers bear it. ${hostile}`,
      title: "every group",
      table: {
        columns: [
          { title: "group", format: "text" as const },
          { title: "rate", format: "share" as const },
        ],
        rows: [[`small ${hostile}`, 0.25]],
        currency: "",
        rowLinks: ["/runs"],
      },
    },
    command: `counterweight replay --policy '${hostile}'`,
  };
}
