/** The smallest SVG writer: elements as text, one decimal of coordinates, everything escaped. */

/** Attribute values; undefined leaves the attribute out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/**
 * One element. Children are markup already; attribute values are escaped here.
 *
 * @example
 * element("rect", { x: 1.25, width: 3, class: undefined })
 * // => '<rect x="1.3" width="3"/>'
 */
export function element(name: string, attributes: Attributes, children = ""): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => (value === undefined ? "" : ` ${key}="${typeof value === "number" ? coordinate(value) : escapeMarkup(value)}"`))
    .join("");
  return children === "" ? `<${name}${written}/>` : `<${name}${written}>${children}</${name}>`;
}

/** A whole drawing: `role="img"` with its label; text sizes are those of the view box. */
export function drawing(
  size: { readonly width: number; readonly height: number; readonly label: string; readonly class?: string },
  children: string,
): string {
  const { width, height, label } = size;
  const viewBox = `0 0 ${coordinate(width)} ${coordinate(height)}`;
  const attributes = { class: size.class, viewBox, width, height, role: "img", "aria-label": label };
  return element("svg", attributes, children === "" ? "<g/>" : children);
}

/** Text at a point; `anchor` is `start`, `middle` or `end`. */
export function text(
  at: { readonly x: number; readonly y: number; readonly class: string; readonly anchor?: "middle" | "end" },
  words: string,
): string {
  return element("text", { x: at.x, y: at.y, class: at.class, "text-anchor": at.anchor }, escapeMarkup(words));
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return element("path", { d: `M${coordinate(x1)} ${coordinate(y1)}L${coordinate(x2)} ${coordinate(y2)}`, class: className });
}

/** A filled box; `title` shows on hover. */
export function box(at: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly class: string;
  readonly opacity?: number;
  readonly title?: string;
}): string {
  const { title, opacity, ...rest } = at;
  const attributes = {
    x: rest.x,
    y: rest.y,
    width: Math.max(0, rest.width),
    height: rest.height,
    class: rest.class,
    "fill-opacity": opacity === undefined ? undefined : opacity.toFixed(2),
  };
  return element("rect", attributes, title === undefined ? "" : element("title", {}, escapeMarkup(title)));
}

/** A circle. */
export function dot(x: number, y: number, radius: number, className: string): string {
  return element("circle", { cx: x, cy: y, r: radius, class: className });
}

/** The `d` of a broken line through the points; undefined breaks it. */
export function pathThrough(points: readonly (readonly [number, number] | undefined)[]): string {
  let path = "";
  let isDown = false;
  for (const point of points) {
    if (point !== undefined) path += `${isDown ? "L" : "M"}${coordinate(point[0])} ${coordinate(point[1])}`;
    isDown = point !== undefined;
  }
  return path;
}

/** Escapes text for element content and quoted attributes; control characters and halves of surrogate pairs, which XML forbids, become U+FFFD. */
export function escapeMarkup(words: string): string {
  const legal = words.replace(/(?![\t\n\r])[\p{Cc}\p{Cs}]|[\ufffe\uffff]/gu, "\ufffd");
  return legal.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/'/g, "&#39;");
}

/** One decimal, without a needless `.0`. */
export function coordinate(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return Object.is(rounded, -0) ? "0" : String(rounded);
}
