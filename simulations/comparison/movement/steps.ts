/** Steps between consecutive evaluations: how many, and the sums of products by entity that their intervals come from. */
import { limits } from "../../../data/foundation/index.ts";

/**
 * Steps of one policy. A state is a tier code; the state after the last is `closed`. Step (j, k) has the place j * (tiers + 1) + k among one-step counts; two-step
 * counts follow after all of these. All numbers are integers, so that the order of entities changes nothing.
 */
export interface Steps {
  readonly tiers: number;
  readonly counts: Float64Array;
  /** By tier: entities that began a step in it. */
  readonly entities: Float64Array;
  /** Sum over entities of the product of two counts, row by row. Empty above the limit `stepTiers`. */
  readonly products: Float64Array;
  /** Stays of a known beginning in a tier: (tier * (evaluations + 1) + length in evaluations) * 2 + (1 when it ended). */
  readonly stays: Float64Array;
  readonly evaluations: number;
}

export function stepTables(tiers: number, evaluations: number): Steps {
  const places = 2 * tiers * (tiers + 1);
  return {
    tiers,
    counts: new Float64Array(places),
    entities: new Float64Array(tiers),
    products: new Float64Array(tiers <= limits.stepTiers.value ? places * places : 0),
    stays: new Float64Array(tiers * (evaluations + 1) * 2),
    evaluations,
  };
}

export function addSteps(steps: Steps, more: Steps): void {
  for (const key of ["counts", "entities", "products", "stays"] as const) {
    const [into, from] = [steps[key], more[key]];
    for (let place = 0; place < from.length; place++) into[place] = (into[place] as number) + (from[place] as number);
  }
}

/** Walks the evaluations of one entity after another. */
export class StepWalk {
  readonly #steps: Steps;
  readonly #own: Float64Array;
  readonly #touched: Int32Array;
  #touchedCount = 0;
  /** The last two states; -1: none. */
  #before = -1;
  #last = -1;
  /** Evaluations since the tier was entered; 0: it is not known since when. */
  #length = 0;
  #isEntry = false;

  constructor(steps: Steps) {
    this.#steps = steps;
    this.#own = new Float64Array(steps.counts.length);
    this.#touched = new Int32Array(steps.counts.length);
  }

  /** `fromEntry`: the first evaluation that is taken is the entity's first of all. */
  begin(fromEntry: boolean): void {
    this.#touchedCount = 0;
    this.#before = -1;
    this.#last = -1;
    this.#length = 0;
    this.#isEntry = fromEntry;
  }

  /** The tier that the next evaluation leaves the entity in; -1, outside the frame, breaks the walk. */
  take(tier: number): void {
    const isEntry = this.#isEntry;
    this.#isEntry = false;
    if (tier < 0) {
      this.#endStay(false);
      this.#before = -1;
      this.#last = -1;
      this.#length = 0;
      return;
    }
    if (this.#last >= 0) {
      if (tier === this.#last) this.#length += this.#length > 0 ? 1 : 0;
      else {
        this.#endStay(true);
        this.#length = 1;
      }
    } else if (isEntry) this.#length = 1;
    this.#step(tier);
  }

  /** The end of the entity's rows: `closed` evaluations of the range come after it left the frame. */
  finish(closed: number): void {
    if (this.#last >= 0) {
      this.#endStay(closed > 0);
      for (let more = 0; more < Math.min(closed, 2); more++) this.#step(this.#steps.tiers);
    }
    this.#addUp();
  }

  #step(state: number): void {
    const { tiers } = this.#steps;
    if (this.#last >= 0 && this.#last < tiers) this.#count(this.#last * (tiers + 1) + state);
    if (this.#before >= 0) this.#count((tiers + this.#before) * (tiers + 1) + state);
    this.#before = this.#last;
    this.#last = state;
  }

  #endStay(isEnded: boolean): void {
    if (this.#length === 0) return;
    const place = (this.#last * (this.#steps.evaluations + 1) + this.#length) * 2 + (isEnded ? 1 : 0);
    this.#steps.stays[place] = (this.#steps.stays[place] as number) + 1;
  }

  #count(place: number): void {
    if (this.#own[place] === 0) this.#touched[this.#touchedCount++] = place;
    this.#own[place] = (this.#own[place] as number) + 1;
  }

  #addUp(): void {
    const { tiers, counts, products, entities } = this.#steps;
    const [own, touched] = [this.#own, this.#touched];
    for (let a = 0; a < this.#touchedCount; a++) {
      const place = touched[a] as number;
      const times = own[place] as number;
      counts[place] = (counts[place] as number) + times;
      if (products.length === 0) continue;
      for (let b = 0; b < this.#touchedCount; b++) {
        const cell = place * counts.length + (touched[b] as number);
        products[cell] = (products[cell] as number) + times * (own[touched[b] as number] as number);
      }
    }
    for (let tier = 0; tier < tiers; tier++) {
      const row = own.subarray(tier * (tiers + 1), (tier + 1) * (tiers + 1));
      if (row.some((times) => times > 0)) entities[tier] = (entities[tier] as number) + 1;
    }
    for (let a = 0; a < this.#touchedCount; a++) own[touched[a] as number] = 0;
  }
}
