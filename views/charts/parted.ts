/** A drawing of rows in parts, for paper: a page may end between two rows, and the next one begins with the heads and ends with the axis as this does. */
import { element } from "./svg.ts";

/** Heights of a drawing's parts, from its top: heads of columns, rows of one height, and the numbers of the axis. Head and foot may be none: 0. */
export interface DrawingParts {
  readonly width: number;
  readonly head: number;
  readonly pitch: number;
  readonly rows: number;
  readonly foot: number;
}

/** Rows that are no higher in all stay on one page. */
const shortMax = 120;

/**
 * A table of windows on the drawing, a row each. `svg` is drawn once, shown nowhere, and found by `id`; browsers repeat the head and the foot of a
 * table on each page. What is found is a drawing itself, because its styles ask for one around each mark.
 */
export function partedDrawing(svg: string, id: string, { width, head, pitch, rows, foot }: DrawingParts): string {
  const height = head + rows * pitch + foot;
  const source = svg.replace(
    /^(<svg[^>]*>)([\s\S]*)<\/svg>$/,
    (_, open: string, marks: string) => `${open}${element("svg", { id, width, height }, marks)}</svg>`,
  );
  const use = element("use", { href: `#${id}` });
  const part = (from: number, high: number) =>
    element("tr", {}, element("td", {}, element("svg", { viewBox: `0 ${from} ${width} ${high}` }, use)));
  const parts = [
    head === 0 ? "" : element("thead", {}, part(0, head)),
    element("tbody", {}, Array.from({ length: rows }, (_, row) => part(head + row * pitch, pitch)).join("")),
    foot === 0 ? "" : element("tfoot", {}, part(head + rows * pitch, foot)),
  ];
  return (
    source + element("table", { class: rows * pitch <= shortMax ? "parted is-short" : "parted", role: "presentation" }, parts.join(""))
  );
}
