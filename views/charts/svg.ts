/** The smallest SVG writer: marks gathered by class, one decimal of coordinates, everything escaped. */

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

/** What a mark is painted over: lines of the grid lie lowest, words highest. */
const layers = ["ground", "shapes", "over", "dots", "words"] as const;

/**
 * A part of a drawing: a stretch of a path (`d`), or an element. Parts of one layer and class, and stretches of one stroke, share one path or
 * one group; what has no class is painted as it is, where it stands.
 */
export interface Mark {
  readonly layer: (typeof layers)[number];
  readonly class?: string;
  readonly d?: string;
  readonly stroke?: Attributes;
  readonly name?: string;
  readonly attributes?: Attributes;
  readonly children?: string;
}

/** Marks, in lists of lists as they come. */
export type Marks = Mark | readonly Marks[];

/** A whole drawing: `role="img"` with its label; text sizes are those of the view box. */
export function drawing(
  size: { readonly width: number; readonly height: number; readonly label: string; readonly class?: string },
  marks: Marks,
): string {
  const { width, height, label } = size;
  const viewBox = `0 0 ${coordinate(width)} ${coordinate(height)}`;
  // What says nothing is nothing to listeners.
  const named = label === "" ? { "aria-hidden": "true" } : { role: "img", "aria-label": label };
  const attributes = { class: size.class, viewBox, width, height, ...named };
  return element("svg", attributes, painted(marks) || "<g/>");
}

/**
 * Marks as markup, layer by layer; a class is written once for all that it marks.
 *
 * @example
 * painted([line(0, 5, 40, 5, "grid"), line(0, 9, 40, 9, "grid")])
 * // => '<path class="grid" d="M0 5h40M0 9h40"/>'
 */
export function painted(marks: Marks): string {
  const groups = new Map<string | Mark, Mark[]>();
  for (const mark of flattened(marks)) {
    const key = mark.class === undefined ? mark : `${mark.layer}/${mark.name ?? "path"}/${mark.class}/${JSON.stringify(mark.stroke)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [mark]);
    else group.push(mark);
  }
  return layers
    .map((layer) => [...groups.values()].map((group) => (group[0]?.layer === layer ? paintedGroup(group) : "")).join(""))
    .join("");
}

function* flattened(marks: Marks): Generator<Mark> {
  if ("layer" in marks) yield marks;
  else for (const part of marks) yield* flattened(part);
}

function paintedGroup(group: readonly Mark[]): string {
  const className = group[0]?.class;
  if (group[0]?.d !== undefined) return element("path", { class: className, ...group[0].stroke, d: group.map(({ d }) => d).join("") });
  const written = (mark: Mark, own: Attributes) => element(mark.name ?? "g", { ...mark.attributes, ...own }, mark.children);
  const own = className === undefined ? {} : { class: className };
  return group.length === 1
    ? group.map((mark) => written(mark, own)).join("")
    : element("g", own, group.map((mark) => written(mark, {})).join(""));
}

/** An element of its own, that shares nothing. */
export function single(name: string, attributes: Attributes, children = ""): Mark {
  return { layer: "shapes", name, attributes, children };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly class: string;
  readonly anchor?: "middle" | "end";
}

/** A shape by its path. */
export function shape(d: string, className: string): Mark {
  return { layer: "shapes", class: className, d };
}

/** Text at a point; without `anchor` it starts there. */
export function text(at: Place, words: string): Mark {
  return textOf(at, escapeMarkup(words));
}

/** The same with what is shown under the pointer, where there is anything to show. */
export function textWith(at: Place, words: string, shown: string | undefined): Mark {
  return textOf(at, escapeMarkup(words) + (shown === undefined || shown === "" ? "" : element("title", {}, escapeMarkup(shown))));
}

/** Text at a point, of markup that is escaped already. */
export function textOf(at: Place, children: string): Mark {
  const className = at.anchor === undefined ? at.class : `${at.class} at-${at.anchor}`;
  return { layer: "words", class: className, name: "text", attributes: { x: at.x === 0 ? undefined : at.x, y: at.y }, children };
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, className: string): Mark {
  return {
    layer: "ground",
    class: className,
    d: pathThrough([
      [x1, y1],
      [x2, y2],
    ]),
  };
}

/**
 * Lines of one height that stand in every row of a plot, below each other: one dashed line from the first to the last.
 *
 * @example
 * painted(rowLines(4, { y: 20, height: 16, pitch: 46, rows: 3 }, "grid"))
 * // => '<path class="grid" stroke-dasharray="16 30" d="M4 20v108"/>'
 */
export function rowLines(
  x: number,
  at: { readonly y: number; readonly height: number; readonly pitch: number; readonly rows: number },
  className: string,
): Mark {
  const { d } = line(x, at.y, x, at.y + Math.max(0, (at.rows - 1) * at.pitch + at.height), className);
  return { layer: "ground", class: className, d: d ?? "", stroke: { "stroke-dasharray": `${at.height} ${at.pitch - at.height}` } };
}

/** A flat bar from left to right: a line as thick as it. */
export function bar(at: {
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly thickness: number;
  readonly class: string;
}): Mark {
  const { d } = line(at.left, at.y, at.right, at.y, at.class);
  return { layer: "shapes", class: at.class, d: d ?? "", stroke: { "stroke-width": at.thickness } };
}

/** A filled box; `title` shows on hover. One with an opacity stands alone. */
export function box(at: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly class: string;
  readonly opacity?: number;
  readonly title?: string;
  readonly layer?: "over";
}): Mark {
  const { title, opacity, x, y, height, layer = "shapes" } = at;
  const width = Math.max(0, at.width);
  const d = `M${pair(coordinate(x), coordinate(y))}h${coordinate(width)}v${coordinate(height)}h${coordinate(-width)}z`;
  const children = title === undefined ? "" : element("title", {}, escapeMarkup(title));
  if (opacity !== undefined) return single("path", { d, class: at.class, "fill-opacity": opacity.toFixed(2) }, children);
  return title === undefined ? { layer, class: at.class, d } : { layer, class: at.class, name: "path", attributes: { d }, children };
}

/** A circle. */
export function dot(x: number, y: number, radius: number, className: string): Mark {
  return { layer: "dots", class: className, name: "circle", attributes: { cx: x, cy: y, r: radius } };
}

/**
 * The `d` of a broken line through the points; undefined breaks it. Steps are written, so that they stay short, between points of one decimal:
 * rounding does not add up.
 *
 * @example
 * pathThrough([[0, 10], [4.26, 9.5], [8, 9.5], undefined, [12, 3]])
 * // => "M0 10l4.3-.5h3.7M12 3"
 */
export function pathThrough(points: readonly (readonly [number, number] | undefined)[]): string {
  let path = "";
  let before: readonly [number, number] | undefined;
  let isStep = false;
  for (const point of points) {
    const at = point === undefined ? undefined : ([Math.round(point[0] * 10), Math.round(point[1] * 10)] as const);
    if (at !== undefined) {
      const [x, y] = before === undefined ? at : [at[0] - before[0], at[1] - before[1]];
      const isOblique = before !== undefined && x !== 0 && y !== 0;
      const [across, down] = [coordinate(x / 10), coordinate(y / 10)];
      if (before === undefined) path += `M${pair(across, down)}`;
      else if (isOblique) path += `${isStep && !across.startsWith("-") ? " " : isStep ? "" : "l"}${pair(across, down)}`;
      else if (x !== 0 || y !== 0) path += y === 0 ? `h${across}` : `v${down}`;
      isStep = isOblique || (isStep && x === 0 && y === 0);
    }
    before = at;
  }
  return path;
}

function pair(first: string, second: string): string {
  return second.startsWith("-") ? first + second : `${first} ${second}`;
}

/** Markup for a page: HTML needs no quotes around plain words and numbers, XML does. The last value before `/>` keeps them. */
export function unquoted(markup: string): string {
  return markup.replace(/="([\w.-]+)"(?=[ >])/g, "=$1");
}

/** Escapes text for element content and quoted attributes; control characters and halves of surrogate pairs, which XML forbids, become U+FFFD. */
export function escapeMarkup(words: string): string {
  const legal = words.replace(/(?![\t\n\r])[\p{Cc}\p{Cs}]|[\ufffe\uffff]/gu, "\ufffd");
  return legal.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/'/g, "&#39;");
}

/** One decimal, without a needless `.0` or a zero before the point. */
export function coordinate(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return rounded === 0 ? "0" : String(rounded).replace(/^(-?)0\./, "$1.");
}
