/**
 * The density of a test statistic that has not crossed a boundary yet: Armitage, McPherson and Rowe's recursion, on Gauss-Legendre panels
 * no wider than the increments between looks. The density is kept without drift; a drift tilts it by its likelihood ratio, so that every
 * drift is answered from one recursion.
 */
import { invariant } from "../../../data/foundation/index.ts";
import { normalCdf, normalSurvival } from "../distributions/index.ts";
import { gaussLegendre } from "../numerics/quadrature.ts";

/** Sub-density of z at a look over the paths that continue: g(z) dz is `mass`, already multiplied by the quadrature weight. */
export interface Continuation {
  /** Information at the look. */
  readonly information: number;
  readonly z: Float64Array;
  readonly mass: Float64Array;
}

/** The range of z between the boundaries of a look. */
export interface Region {
  readonly lower: number;
  readonly upper: number;
}

const panelNodes = 16;
const { points: gaussNodes, weights: gaussWeights } = gaussLegendre(panelNodes);
const normaliser = 1 / Math.sqrt(2 * Math.PI);
/** Panels wider than this many standard deviations of an increment would cost digits. */
const panelDeviations = 1.5;
const nodesMax = 16_000;
/** A kernel below this adds nothing that the smallest error that is spent, 1e-305, could show. */
const negligible = 1e-306;

/**
 * The continuation after a look: from the continuation before it (none at the first look), the information at it and its region.
 * `next` is the information at the look that follows, if any: it says how fine the panels must be. `reach`: how far below 0 paths
 * are followed where there is no lower boundary.
 * Source: Armitage, McPherson and Rowe (1969), J. R. Stat. Soc. A 132, 235-244; Jennison and Turnbull (2000), chapter 19.
 */
export function continueTo(
  before: Continuation | undefined,
  look: { readonly information: number; readonly region: Region; readonly next?: number | undefined; readonly reach?: number },
): Continuation {
  const { information, region, next, reach = 9 } = look;
  const lower = Math.max(region.lower, -reach);
  const upper = Math.min(region.upper, 39);
  if (!(lower < upper)) return { information, z: new Float64Array(0), mass: new Float64Array(0) };
  const increments = [1];
  if (before !== undefined) increments.push(Math.sqrt((information - before.information) / information));
  if (next !== undefined) increments.push(Math.sqrt((next - information) / information));
  const panels = Math.ceil((upper - lower) / (panelDeviations * Math.min(...increments)));
  invariant(panels * panelNodes <= nodesMax, "two looks lie too close together for the recursion");
  const { points: z, weights } = panelled(lower, upper, panels);
  const mass =
    before === undefined
      ? weights.map((w, i) => w * normaliser * Math.exp(-((z[i] as number) ** 2) / 2))
      : transported(before, information, z, weights);
  return { information, z, mass };
}

/**
 * The density carried on to the nodes of the next look. Nodes of equal place in their panels lie evenly, so that from one panel to the next the normal
 * kernel is a product of two factors: from the nearest panel outwards, where nothing cancels, two exponentials serve all panels.
 */
function transported(before: Continuation, information: number, z: Float64Array, weights: Float64Array): Float64Array {
  const deviation = Math.sqrt(information - before.information);
  const to = Math.sqrt(information) / deviation;
  const from = Math.sqrt(before.information) / deviation;
  const panels = before.z.length / panelNodes;
  const stride = panels > 1 ? ((before.z[panelNodes] as number) - (before.z[0] as number)) * from : 1;
  const slowing = Math.exp(-stride * stride);
  const mass = new Float64Array(z.length);
  for (let i = 0; i < z.length; i++) {
    const here = (z[i] as number) * to;
    let sum = 0;
    for (let node = 0; node < Math.min(panelNodes, before.z.length); node++) {
      const step = here - (before.z[node] as number) * from;
      const nearest = Math.min(Math.max(Math.round(step / stride), 0), panels - 1);
      const left = step - nearest * stride;
      const peak = Math.exp((-left * left) / 2);
      if (peak < negligible) continue;
      sum += (before.mass[nearest * panelNodes + node] as number) * peak;
      for (let side = 1; side >= -1; side -= 2) {
        let factor = Math.exp((side * left - stride / 2) * stride);
        let kernel = peak * factor;
        for (let panel = nearest + side; panel >= 0 && panel < panels && kernel > negligible; panel += side) {
          sum += (before.mass[panel * panelNodes + node] as number) * kernel;
          factor *= slowing;
          kernel *= factor;
        }
      }
    }
    mass[i] = sum * normaliser * to * (weights[i] as number);
  }
  return mass;
}

/**
 * The probability that a path continues until a look and is then at or above `upper` (or at or below `lower`), with drift theta an
 * information unit: E z = theta sqrt(information). `before` undefined: the first look.
 */
export function crossing(
  before: Continuation | undefined,
  at: { readonly information: number; readonly z: number; readonly side: "upper" | "lower"; readonly theta?: number },
): number {
  const { information, z, side, theta = 0 } = at;
  if (z === (side === "upper" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)) return 0;
  const tail = side === "upper" ? normalSurvival : normalCdf;
  if (before === undefined) return tail(z - theta * Math.sqrt(information));
  const increment = information - before.information;
  const deviation = Math.sqrt(increment);
  const from = Math.sqrt(before.information);
  const here = z * Math.sqrt(information) - theta * increment;
  let sum = 0;
  for (let j = 0; j < before.z.length; j++) {
    const u = before.z[j] as number;
    const beyond = tail((here - u * from) / deviation);
    if (beyond > 0) sum += (before.mass[j] as number) * tilt(theta, u, from) * beyond;
  }
  return sum;
}

/** The probability of still continuing after the look, under drift theta. */
export function continuing(continuation: Continuation, theta = 0): number {
  const root = Math.sqrt(continuation.information);
  let sum = 0;
  for (let j = 0; j < continuation.z.length; j++) sum += (continuation.mass[j] as number) * tilt(theta, continuation.z[j] as number, root);
  return sum;
}

/** Likelihood ratio of drift theta against none, of a path that is at z. */
function tilt(theta: number, z: number, root: number): number {
  return theta === 0 ? 1 : Math.exp(theta * root * (z - (theta * root) / 2));
}

function panelled(lower: number, upper: number, panels: number): { readonly points: Float64Array; readonly weights: Float64Array } {
  const points = new Float64Array(panels * panelNodes);
  const weights = new Float64Array(panels * panelNodes);
  const half = (upper - lower) / panels / 2;
  const centre = (upper + lower) / 2;
  for (let panel = 0; panel < panels; panel++) {
    const middle = centre + (2 * panel + 1 - panels) * half;
    for (let i = 0; i < panelNodes; i++) {
      points[panel * panelNodes + i] = middle + half * (gaussNodes[i] as number);
      weights[panel * panelNodes + i] = half * (gaussWeights[i] as number);
    }
  }
  return { points, weights };
}
