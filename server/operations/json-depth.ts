/** JSON whose nesting would overrun the stack of whoever walks over it: its parser does not mind, everything else does. */
import { checkLimit, InputRefused, type Place } from "../../data/foundation/index.ts";

/** Leaves when a parsed value nests no deeper than the limit allows. Cost: one look at each value, without recursion or copies. @throws InputRefused `limit-exceeded`. */
export function requireShallow(value: unknown, place: Place): void {
  let level = isNested(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    const breach = checkLimit("policyNestingDepth", depth, place);
    if (breach !== undefined) throw new InputRefused([breach]);
    const next: object[] = [];
    for (const each of level) for (const part of Array.isArray(each) ? each : Object.values(each)) if (isNested(part)) next.push(part);
    level = next;
  }
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
