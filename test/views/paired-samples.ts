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
    command: `counterweight replay --policy '${hostile}'`,
  };
}
