/** Small signs outside charts: tiers in text, marks in keys, and the patterns that all drawings of a page share. */
import { unreachable } from "../../data/foundation/index.ts";
import { tierBox, tierColourNames } from "../charts/index.ts";
import { bar, box, dot, element, line, type Marks, painted, single, unquoted } from "../charts/svg.ts";
import type { KeyEntry } from "../report/report.ts";

/** Hatch, dots and limits: once a page, so that charts carry no ids. */
export const patterns = [
  pattern("hatched", 6, `<path d="M0 0V6" class="hatch-line"/>`),
  pattern("limits", 4, `<rect width="4" height="4" class="limit-ground"/><path d="M0 0V4" class="limit-line"/>`),
  pattern("limits-baseline", 4, `<rect width="4" height="4" class="limit-ground"/><path d="M0 0V4" class="limit-line-baseline"/>`),
  pattern("no-label", 6, `<rect width="6" height="6" class="label-ground"/><path d="M0 0V6" class="label-line"/>`),
  `<pattern id="dotted" width="4" height="4" patternUnits="userSpaceOnUse"><circle cx="1.5" cy="1.5" r=".8" class="dot-mark"/></pattern>`,
].join("");

/** What `tierSign` refers to: the sign of each tier, once a page. */
export const tierSigns = tierColourNames
  .map((colour) => element("g", { id: `tier-${colour}` }, painted(tierBox({ x: 0.5, y: 0.5, width: 10, height: 10, colour }))))
  .join("");

/** The sign of a tier before its name. */
export function tierSign(colour: string): string {
  return sign({ width: 11, height: 11 }, single("use", { href: `#tier-${colour}` }));
}

/** A share as a bar beside its number. */
export function weightBar(share: number): string {
  return sign({ width: 120, height: 12 }, box({ x: 0, y: 1, width: Math.max(0, Math.min(1, share)) * 120, height: 10, class: "grey-3" }));
}

/** The mark of a key's entry; empty for words alone. */
export function keyMark(mark: KeyEntry["mark"]): string {
  const [width, shape] = shapeOf(mark);
  return width === 0 ? "" : sign({ width, height: 12 }, shape);
}

function sign(size: { readonly width: number; readonly height: number }, marks: Marks): string {
  return unquoted(element("svg", { ...size, "aria-hidden": "true" }, painted(marks)));
}

function shapeOf(mark: KeyEntry["mark"]): readonly [number, Marks] {
  const interval = bar({ left: 0, right: 30, y: 6, thickness: 8, class: "interval" });
  switch (mark) {
    case "none":
      return [0, []];
    case "candidate-line":
      return [30, line(0, 6, 30, 6, "curve")];
    case "baseline-line":
      return [30, line(0, 6, 30, 6, "curve baseline-curve")];
    case "candidate-dot":
      return [30, [interval, dot(15, 6, 4, "candidate-dot")]];
    case "baseline-dot":
      return [30, [interval, dot(15, 6, 4, "baseline-dot")]];
    case "candidate-point":
      return [12, dot(6, 6, 4, "candidate-dot")];
    case "baseline-point":
      return [12, dot(6, 6, 4, "baseline-dot")];
    case "interval":
      return [30, interval];
    case "limits":
      return [30, box({ x: 0, y: 2, width: 30, height: 8, class: "limits" })];
    case "same":
      return [12, box({ x: 0.5, y: 0.5, width: 11, height: 11, class: "wash" })];
    case "no-label":
      return [13, box({ x: 0.5, y: 0.5, width: 12, height: 11, class: "no-label" })];
    case "harmful":
      return [13, box({ x: 0, y: 0, width: 13, height: 12, class: "ink" })];
    case "down":
    case "up":
      return [12, box({ x: 0, y: 0, width: 12, height: 12, class: mark, opacity: 0.6 })];
    case "fine":
    case "accent":
    case "grey-1":
    case "grey-2":
    case "grey-3":
    case "grey-4":
    case "grey-5":
      return [13, box({ x: 0, y: 0, width: 13, height: 12, class: mark })];
    default:
      return unreachable(mark);
  }
}

function pattern(id: string, size: number, children: string): string {
  return `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">${children}</pattern>`;
}
