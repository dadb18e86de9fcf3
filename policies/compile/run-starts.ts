/** Since when the unbroken runs of one metric have gone on, entity by entity: what versions of a programme hand over. */

/** NaN where the condition was not true at the latest evaluation. */
export class RunStarts {
  readonly metric: string;
  /** By entity of the chunk: before a run of the kernel what it takes over, afterwards what it leaves. */
  since = new Float64Array(0);

  constructor(metric: string) {
    this.metric = metric;
  }

  /** Begins a chunk whose entities go on from a state. */
  takeOver(entityCount: number, before: Float64Array | undefined): void {
    this.since = before === undefined ? new Float64Array(entityCount).fill(Number.NaN) : before.slice();
  }
}
