/** Worlds in which tests of whole tables are studied: none has an effect whose interval could be judged. */
import type { Study, World } from "../studies/study.ts";
import { type Draw, multinomial, together } from "../studies/worlds.ts";

/** So many units in each row, spread over the columns with the row's probabilities. */
const rows =
  (sizes: readonly number[], probabilities: readonly (readonly number[])[]): Draw<number[][]> =>
  (random) =>
    sizes.map((size, row) => multinomial(size, probabilities[row] as readonly number[])(random));

const flat = [0.5, 0.3, 0.2];
const table = (name: string, holds: boolean, isNull: boolean, draw: Draw<number[][]>, more: Readonly<Record<string, unknown>>): World => ({
  name,
  holds,
  isNull,
  draw: together({ table: draw, ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, () => value])) }),
});

function independence(name: string, more: Readonly<Record<string, unknown>>): Study {
  return {
    name,
    statistic: "independence",
    worlds: [
      table("3 rows of 100, 3 columns", true, true, rows([100, 100, 100], [flat, flat, flat]), more),
      table("3 rows of 100, one shifted", true, false, rows([100, 100, 100], [flat, flat, [0.35, 0.35, 0.3]]), more),
      table("tiny: 2 rows of 8, 3 columns", false, true, rows([8, 8], [flat, flat]), more),
      table(
        "rare column: 2 in 1000 of 500 a row",
        false,
        true,
        rows(
          [500, 500],
          [
            [0.698, 0.3, 0.002],
            [0.698, 0.3, 0.002],
          ],
        ),
        more,
      ),
      table(
        "unequal: 20 against 1000, 4 columns",
        false,
        true,
        rows(
          [20, 1000],
          [
            [0.6, 0.25, 0.1, 0.05],
            [0.6, 0.25, 0.1, 0.05],
          ],
        ),
        more,
      ),
    ],
  };
}

/** Entities by first and second class, classes of these probabilities of movers. */
const moves =
  (n: number, probabilities: readonly (readonly number[])[]): Draw<number[][]> =>
  (random) => {
    const size = probabilities.length;
    const counts = multinomial(n, probabilities.flat())(random);
    return Array.from({ length: size }, (_, row) => counts.slice(row * size, (row + 1) * size));
  };
const symmetric = [
  [0.3, 0.06, 0.03],
  [0.06, 0.2, 0.05],
  [0.03, 0.05, 0.22],
];
const drifting = [
  [0.3, 0.1, 0.05],
  [0.04, 0.2, 0.07],
  [0.01, 0.03, 0.2],
];

function square(statistic: string): Study {
  return {
    name: statistic,
    statistic,
    worlds: [
      table("300 entities, as many move back as on", true, true, moves(300, symmetric), {}),
      table("300 entities, more move on", true, false, moves(300, drifting), {}),
      table("tiny: 20 entities", true, true, moves(20, symmetric), {}),
      table(
        "few move: 100 entities, 2 % to each other class",
        true,
        true,
        moves(100, [
          [0.3, 0.02, 0.02],
          [0.02, 0.29, 0.02],
          [0.02, 0.02, 0.29],
        ]),
        {},
      ),
      table(
        "30 movers, most between two of four classes",
        false,
        true,
        moves(60, [
          [0.1, 0.2, 0.01, 0.01],
          [0.2, 0.1, 0.01, 0.01],
          [0.01, 0.01, 0.15, 0.01],
          [0.01, 0.01, 0.01, 0.15],
        ]),
        {},
      ),
    ],
  };
}

export const tableStudies: readonly Study[] = [
  independence("independence", {}),
  independence("independence, likelihood ratio", { statistic: "likelihood-ratio" }),
  square("stuart-maxwell"),
  square("bowker"),
];
