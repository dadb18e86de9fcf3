/** JSON whose nesting would overrun the stack of whoever walks over it: its parser does not mind, everything else does. */
import { checkLimit, InputRefused, type Place } from "../../data/foundation/index.ts";

/** Leaves when a parsed value nests no deeper than the limit allows. Cost: one pass, without recursion. @throws InputRefused `limit-exceeded`. */
export function requireShallow(value: unknown, place: Place): void {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const breach = checkLimit("policyNestingDepth", depth, place);
    if (breach !== undefined) throw new InputRefused([breach]);
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
}
