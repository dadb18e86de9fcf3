/** Policies and programmes alike, compiled once for all that replay them. */
import { isSameValue } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { isProgramme, type Policy, type Programme } from "../language/checked/index.ts";
import { compilePolicy } from "./compile-policy.ts";
import { compileProgramme } from "./compile-programme.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";

interface CompiledItem {
  readonly item: Policy | Programme;
  readonly schema: PanelSchema;
  readonly compiled: CompiledPolicy;
}

/** So many are kept: a comparison has some, and a thread that waits for more work should not hold many. */
const keptMax = 4;
const kept: CompiledItem[] = [];

/**
 * Compiles whichever of the two it is; the same again for one of the same content and a panel of the same schema, since who replays it again, or
 * gathers its peers first, then finds code that the machine has improved. A thread is told of the same policy in fresh objects each time.
 */
export function compileItem(item: Policy | Programme, schema: PanelSchema): CompiledPolicy {
  const at = kept.findIndex((each) => isSame(each.item, item) && isSame(each.schema, schema));
  const [known] = at < 0 ? [] : kept.splice(at, 1);
  const compiled = known?.compiled ?? (isProgramme(item) ? compileProgramme(item.versions, schema) : compilePolicy(item, schema));
  kept.unshift({ item, schema, compiled });
  kept.length = Math.min(kept.length, keptMax);
  return compiled;
}

function isSame(left: object, right: object): boolean {
  return left === right || isSameValue(left, right);
}
