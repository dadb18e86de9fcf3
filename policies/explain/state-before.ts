/** What the evaluations of an entity have left behind by the latest one, where it is known which tier each merited. */
import { type Day, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { PeerValues, Policy } from "../language/index.ts";
import type { EntityHistory } from "./entity-history.ts";
import { freshState, startCode } from "./evaluate-entity.ts";
import { stateAfter } from "./evaluate-once.ts";
import { evaluationDate } from "./evaluation-dates.ts";
import type { CarriedState, NumberedEvent } from "./evaluation-point.ts";

/** The latest evaluation up to a period: when it is, the row that it is recorded on, and the state that it finds. */
export interface StateBefore {
  readonly on: Day;
  readonly rowIndex: number;
  readonly before: CarriedState;
}

/**
 * The state before the latest evaluation up to `to`, as `walkEvaluations` would find it; undefined when there is none. `merited`: by row of the history the tier code that
 * the policy merits there, as a frame has it. Cost: a step of movement an evaluation, and what ledgers, runs and protection read.
 */
export function stateBefore(
  side: {
    readonly policy: Policy;
    readonly schema: PanelSchema;
    readonly to: PeriodIndex;
    readonly merited: ArrayLike<number>;
    readonly peers?: PeerValues;
  },
  history: EntityHistory,
  events: readonly NumberedEvent[],
): StateBefore | undefined {
  const { policy, schema, to, merited } = side;
  const peers = side.peers === undefined ? {} : { peers: side.peers };
  let latest: StateBefore | undefined;
  for (const [rowIndex, { period }] of history.rows.entries()) {
    if (period > to) break;
    const on = evaluationDate(policy.movement.evaluate, schema.grain, period);
    if (on === undefined) continue;
    const of = (found: StateBefore) => ({ policy, schema, history, events, ...found, ...peers });
    const before =
      latest === undefined ? freshState(startCode(policy)) : stateAfter(of(latest), present(merited[latest.rowIndex], "a merited tier"));
    latest = { on, rowIndex, before };
  }
  return latest;
}
