// Writes poisson-sums.json: the weighted sums of this product's Poisson replicates, from which R and SciPy make their intervals.
// Run in this folder after compiling: node make_poisson_sums.mjs. The samples are whole numbers, so that the sums are exact.
import { writeFileSync } from "node:fs";
import { poolRows, resampleSums } from "../../../../dist/simulations/statistics/index.js";

let state = 77;
const next = (bound) => {
  state = (state * 16_807) % 2_147_483_647;
  return state % bound;
};
const powerBelow = (values) => 2 ** Math.floor(Math.log2(Math.max(...values.map(Math.abs))));
const scaled = (values, unit) => Float64Array.from(values, (value) => value / unit);
const sum = (values) => values.reduce((total, value) => total + value, 0);
const samples = [
  [1, 12, 199, 0.9],
  [2, 25, 199, 0.8],
  [3, 40, 249, 0.9],
  [4, 18, 199, 0.95],
  [5, 60, 149, 0.9],
  [6, 30, 199, 0.5],
];
const cases = samples.map(([seed, n, replicates, level]) => {
  const denominators = Array.from({ length: n }, () => 1 + next(20));
  const numerators = denominators.map((value) => next(value + 1));
  const [xUnit, yUnit] = [powerBelow(numerators), powerBelow(denominators)];
  // The columns that the product draws: residuals and denominators in units of their own, and both together.
  const [x, y] = [scaled(numerators, xUnit), scaled(denominators, yUnit)];
  const ratio = sum(x) / sum(y);
  const exact = x.map((value, at) => value - ratio * y[at]);
  const residuals = exact.map((value) => (Math.abs(value) < 1e-14 ? 0 : value));
  const unit = powerBelow(Array.from(residuals));
  const e = scaled(residuals, unit);
  const drawn = resampleSums(poolRows([e, y, e.map((value, at) => value + y[at])], n), { seed, from: 0, to: replicates });
  const sums = { x: [], y: [], xx: [], yy: [], xy: [] };
  for (let at = 0; at < replicates; at++) {
    const [we, wy] = [drawn.sums[0][at] * unit, drawn.sums[1][at]];
    const [wee, wyy] = [drawn.squares[0][at] * unit * unit, drawn.squares[1][at]];
    const wey = ((drawn.squares[2][at] - drawn.squares[0][at] - wyy) / 2) * unit;
    sums.x.push(Math.round((we + ratio * wy) * xUnit));
    sums.y.push(Math.round(wy * yUnit));
    sums.xx.push(Math.round((wee + 2 * ratio * wey + ratio * ratio * wyy) * xUnit * xUnit));
    sums.yy.push(Math.round(wyy * yUnit * yUnit));
    sums.xy.push(Math.round((wey + ratio * wyy) * xUnit * yUnit));
  }
  return { seed, level, replicates, numerators, denominators, sums };
});
writeFileSync("poisson-sums.json", JSON.stringify({ madeWith: "the Poisson weights of this product, in whole numbers", cases }));
