/** Adds the parts of chunks up, in chunk order, to the summary of a replay. */
import { present } from "../../data/foundation/index.ts";
import { latestVersion, programmeTiers, versionsOf } from "../../policies/language/checked/index.ts";
import { pairCells, type ReplayPart, type ReplayTask } from "./chunk-replay.ts";
import { GroupTotals } from "./group-totals.ts";
import { OutcomeDigest } from "./outcome-digest.ts";
import type { ReplaySummary } from "./replay-summary.ts";
import { StartState } from "./start-state.ts";
import { TierTotals } from "./tier-totals.ts";

/** The sums so far. */
export class ReplayMerge {
  readonly #task: ReplayTask;
  readonly #policies: readonly { readonly totals: TierTotals; readonly start: StartState; readonly digest: OutcomeDigest }[];
  readonly #pairs: TierTotals | undefined;
  readonly #groups: GroupTotals | undefined;
  #entities = 0;
  #entityPeriods = 0;

  constructor(task: ReplayTask) {
    this.#task = task;
    this.#pairs = task.paired ? new TierTotals(pairCells(task)) : undefined;
    this.#groups = task.groups === undefined ? undefined : new GroupTotals({ ...pairCells(task), groups: task.groups });
    this.#policies = task.policies.map((item) => {
      const tiers = programmeTiers(versionsOf(item)).names;
      return {
        totals: new TierTotals({ schema: task.schema, tiers: [tiers], range: task.range }),
        start: new StartState(task.schema),
        digest: new OutcomeDigest(tiers),
      };
    });
  }

  /** Adds the part of the next chunk. */
  add(part: ReplayPart): void {
    this.#entities += part.entities;
    this.#entityPeriods += part.entityPeriods;
    if (part.pairs !== undefined) this.#pairs?.add(part.pairs);
    if (part.groups !== undefined) this.#groups?.addPart(part.groups);
    for (const [index, { totals, start, digest }] of this.#policies.entries()) {
      const own = present(part.policies[index], "the part of a policy");
      totals.add(own.totals);
      start.add(own.start);
      if (own.digested !== undefined) digest.add(own.digested);
    }
  }

  /** Waits for what is digested beside this thread of the parts so far. */
  async catchUp(): Promise<void> {
    await Promise.all(this.#policies.map(({ digest }) => digest.catchUp()));
  }

  /** The summary over all chunks, without digests. */
  finish(): ReplaySummary {
    const { policies, range } = this.#task;
    return {
      ...range,
      entities: this.#entities,
      entityPeriods: this.#entityPeriods,
      ...(this.#pairs === undefined ? {} : { pairs: this.#pairs.finish() }),
      ...(this.#groups === undefined ? {} : { groups: this.#groups.finish() }),
      policies: policies.map((item, index) => {
        const { totals, start } = present(this.#policies[index], "a policy");
        const versions = versionsOf(item);
        return {
          policy: latestVersion(versions),
          tiers: programmeTiers(versions).names,
          tiersByPeriod: totals.finish(),
          startMatters: start.finish(),
        };
      }),
    };
  }

  /** The same with the digests of the frames, which the parts must have come with. */
  async finishWithDigests(): Promise<ReplaySummary> {
    const summary = this.finish();
    const digests = await Promise.all(this.#policies.map(({ digest }) => digest.finish()));
    return { ...summary, policies: summary.policies.map((policy, index) => ({ ...policy, digest: present(digests[index], "a digest") })) };
  }
}
