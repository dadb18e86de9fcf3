/** Who is explained where not all can be: drawn apart by how they stand at both dates, those who changed more often. */
import { randomStream } from "../../../data/foundation/index.ts";

/** A drawn entity, and for how many it stands. */
export interface DrawnEntity {
  readonly entity: number;
  readonly weight: number;
}

/**
 * Everybody with weight 1 up to `most`; else `most` in all: half of them for the strata that changed and half for the others, within
 * each half by size, what one cannot use going to the other, and of each stratum five at least. Within a stratum every set has the same
 * chance (Knuth, The Art of Computer Programming 2, section 3.4.2, algorithm S), and each drawn entity stands for size over drawn. By entity.
 *
 * @example
 * drawStrata([{ entities: [0, 1], isChanged: true }, { entities: [2], isChanged: false }], 10, 1)
 * // => [{ entity: 0, weight: 1 }, { entity: 1, weight: 1 }, { entity: 2, weight: 1 }]
 */
export function drawStrata(
  strata: readonly { readonly entities: readonly number[]; readonly isChanged: boolean }[],
  most: number,
  seed: number,
): readonly DrawnEntity[] {
  const total = strata.reduce((sum, { entities }) => sum + entities.length, 0);
  const size = (isChanged: boolean): number =>
    strata.reduce((sum, stratum) => sum + (stratum.isChanged === isChanged ? stratum.entities.length : 0), 0);
  const changed = Math.min(size(true), Math.max(most / 2, most - size(false)));
  const drawn = strata.flatMap(({ entities, isChanged }, stratum) => {
    const share = entities.length / size(isChanged);
    const wanted = Math.max(leastDrawn, Math.floor(share * (isChanged ? changed : Math.max(most - changed, 0))));
    const count = total <= most ? entities.length : Math.min(entities.length, wanted);
    return select(entities, count, seed, stratum).map((entity) => ({ entity, weight: entities.length / count }));
  });
  return drawn.sort((a, b) => a.entity - b.entity);
}

const leastDrawn = 5;

function select(entities: readonly number[], count: number, seed: number, stratum: number): readonly number[] {
  if (count === entities.length) return entities;
  const random = randomStream(seed, "explained entities", stratum);
  let left = count;
  return entities.filter((_, place) => {
    if (random.uniform() * (entities.length - place) >= left) return false;
    left--;
    return true;
  });
}
