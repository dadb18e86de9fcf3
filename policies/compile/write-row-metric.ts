/** Metrics that go through rows or look at peers, as kernel code around small helpers. */
import { unreachable } from "../../data/foundation/index.ts";
import { type Metric, namesRead } from "../language/checked/index.ts";
import { GroupSums } from "./group-sums.ts";
import { numeral } from "./kernel-writer.ts";
import type { Names } from "./names.ts";
import { PeerPlace } from "./peer-place.ts";
import { rowsOf } from "./write-chosen-window.ts";
import { constantCode } from "./write-constant.ts";
import { valueCode, writeExact } from "./write-exact.ts";
import { attributeRead, textNamed } from "./write-text.ts";

/** The value of a measure that a share of the window's rows does not exceed. */
export function writePercentile(names: Names, metric: Extract<Metric, { kind: "percentile" }>): string {
  const { writer, windows } = names;
  const { index, scale } = windows.measure(metric.measure);
  const { first, last } = rowsOf(names, metric.over);
  writer.reads("percentile");
  const part = constantCode(names, metric.part);
  const code = writer.keep(`percentile(m${index}, ${first}, ${last}, ${part}, ${numeral(metric.atLeastPeriods ?? 0)})`);
  return scale === 0 ? code : writer.keep(valueCode({ code, scale }));
}

/** The code of the text under which the sum is largest. */
export function writeLargest(names: Names, metric: Extract<Metric, { kind: "largest" }>): string {
  const { writer, windows, schema } = names;
  const flows = namesRead(metric.of, "measure");
  const { attribute, read } = attributeRead(schema, metric.by);
  const { values = [] } = attribute;
  const { first, last } = rowsOf(names, metric.over, flows);
  const positions = flows.map((name) => windows.measure(name).index);
  const sums = writer.helper(new GroupSums(values.length, positions));
  const byRow = attribute.scope === "row" ? `, ${read.slice(0, read.indexOf("["))}` : "";
  const [count, at, best, result] = [writer.fresh(), writer.fresh(), writer.fresh(), writer.variable()];
  writer.write(`const ${count} = ${sums}.collect(${first}, ${last}, ${read}${byRow}); let ${best} = 0;`);
  const order = writer.table(placesInOrder(values));
  const body = writer.block(() => {
    const code = writer.keep(`${sums}.touched[${at}]`);
    const { code: sum } = writeExact(names, metric.of, (name) => ({
      code: writer.keep(`${sums}.sums[${flows.indexOf(name)}][${code}]`),
      scale: windows.measure(name).scale,
    }));
    const isFirst = `${sum} === ${best} && ${order}[${code}] < ${order}[${result}]`;
    writer.write(`if (${sum} > ${best} || ${isFirst}) { ${best} = ${sum}; ${result} = ${code}; }`);
  });
  writer.write(`for (let ${at} = 0; ${at} < ${count}; ${at}++) { ${body} }`);
  return result;
}

/** Where a metric or score stands among peers at this evaluation. */
export function writePeers(names: Names, metric: Extract<Metric, { kind: "rank" | "ratio" }>): string {
  const { writer } = names;
  const { of, among } = metric;
  const value = of.to === "metric" ? names.metric(of.name) : names.score(of.name);
  const group = among === undefined ? undefined : textNamed(names, among.to, among.name);
  const place = writer.helper(new PeerPlace(metric.name, group?.values ?? [""], metric.peersMin));
  switch (metric.kind) {
    case "rank":
    case "ratio":
      return writer.keep(`${place}.${metric.kind}(row + offset, ${group?.code ?? "0"}, ${value})`);
    default:
      return unreachable(metric.kind);
  }
}

/** For each text, its place in the order of code units. */
function placesInOrder(values: readonly string[]): Int32Array {
  const places = new Int32Array(values.length);
  for (const [place, text] of [...values].sort().entries()) places[values.indexOf(text)] = place;
  return places;
}
