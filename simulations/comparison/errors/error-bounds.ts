/** Worst-case bounds: what the figures could be if every missing label were known. */
import { type Estimated, estimated, undetermined } from "../../statistics/index.ts";
import type { ErrorRate } from "../comparison.ts";
import { countOver, type ErrorTally, groupNames, groupsOf } from "./error-tally.ts";

/** Who is adverse under which policy, and what is known of them. */
export type CountedGroups = Pick<ErrorTally, "inFrame" | "groups">;

/** A figure's lower and upper bound. */
export interface FigureBounds {
  readonly lower: Estimated;
  readonly upper: Estimated;
}

const method = "worst-case bound: every missing label at its worst";
const sharedMethod = "worst-case bound over label assignments shared by both policies";
const wanted = "labels";

/**
 * Bounds of one policy's rate: each missing label takes the value that makes the rate smallest, then largest, as long as somebody is
 * in the denominator. Source: Manski (1990), American Economic Review 80, 319-323.
 */
export function boundRate(tally: CountedGroups, name: ErrorRate["name"], side: "baseline" | "candidate"): FigureBounds {
  const [adverse, other] = [groupsOf(side, true), groupsOf(side, false)];
  const unknown = { adverse: countOver(tally, adverse, "unlabelled"), other: countOver(tally, other, "unlabelled") };
  const share = (part: number, whole: number): Estimated =>
    whole === 0 ? undetermined("nobody could be in the denominator", wanted) : estimated({ value: part / whole, method, n: tally.inFrame });
  const rateBounds = (part: number, rest: number, joins: number, stays: number): FigureBounds => ({
    lower: part + rest + stays > 0 ? share(part, part + rest + stays) : share(joins, joins),
    upper: part + rest + joins > 0 ? share(part + joins, part + rest + joins) : share(0, stays),
  });
  switch (name) {
    case "false-positive-rate":
      return rateBounds(countOver(tally, adverse, "fine"), countOver(tally, other, "fine"), unknown.adverse, unknown.other);
    case "miss-rate":
      return rateBounds(countOver(tally, other, "harmful"), countOver(tally, adverse, "harmful"), unknown.other, unknown.adverse);
    case "false-share": {
      const part = countOver(tally, adverse, "fine");
      const whole = part + countOver(tally, adverse, "harmful") + unknown.adverse;
      return { lower: share(part, whole), upper: share(part + unknown.adverse, whole) };
    }
    case "overturn-share": {
      const part = countOver(tally, adverse, "overturned");
      const pending = countOver(tally, adverse, "pending");
      const whole = part + countOver(tally, adverse, "upheld") + pending;
      return { lower: share(part, whole), upper: share(part + pending, whole) };
    }
  }
}

/**
 * The extremes of candidate rate minus baseline rate over all ways to label the unlabelled that give both policies the same labels. `among` the fine it is the
 * false-positive rate, and its change is (newly fine - released fine) / fine; among the harmful the miss rate: (released harmful - newly harmful) / harmful. A
 * ratio of linear functions of how many of each group's unlabelled are such;
 * its extremes lie at corners, where each group's are all such or none: 16 of them. Entities adverse under both or neither only
 * dilute. A policy against itself gives [0, 0].
 */
export function boundChange(tally: CountedGroups, among: "fine" | "harmful"): FigureBounds {
  let lower = Number.POSITIVE_INFINITY;
  let upper = Number.NEGATIVE_INFINITY;
  for (let corner = 0; corner < 2 ** groupNames.length; corner++) {
    const [both, newly, released, neither] = groupNames.map((name, index) => {
      const { [among]: known, unlabelled } = tally.groups[name];
      return known + ((corner >> index) & 1) * unlabelled;
    }) as [number, number, number, number];
    const all = both + newly + released + neither;
    if (all === 0) continue;
    const more = among === "fine" ? newly - released : released - newly;
    lower = Math.min(lower, more / all);
    upper = Math.max(upper, more / all);
  }
  if (lower > upper) {
    const none = undetermined(`nobody in the frame could be ${among}`, wanted);
    return { lower: none, upper: none };
  }
  const bound = (value: number): Estimated => estimated({ value, method: sharedMethod, n: tally.inFrame });
  return { lower: bound(lower), upper: bound(upper) };
}
