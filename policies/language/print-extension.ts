/** A version as its changes of another's parameters: the file that a slider's new place is saved as. */
import { printRationale } from "./print-policy.ts";
import { keyLine, printScalar } from "./print-yaml.ts";

/** What such a version says of itself. */
export interface Extension {
  readonly programme: string;
  readonly extends: string;
  readonly version: string;
  /** The extended version's own when absent. */
  readonly title?: string | undefined;
  readonly rationale: string;
  /** Values by their path under `parameters`, as a file writes them: `gold_line.value` and `85`, `claims.in.MX` and `8 %`. At least one. */
  readonly values: readonly (readonly [path: string, text: string])[];
}

/**
 * The file, in canonical form; unchecked: `readPolicy` says what is wrong with it. Texts of any kind stay texts.
 *
 * @example
 * printExtension({ programme: "seller-performance", extends: "1.0.0", version: "1.2.0", rationale: "Gold for more.", values: [["gold_line.value", "83"]] })
 * // => "extends: 1.0.0\nprogramme: seller-performance\nversion: 1.2.0\nrationale: Gold for more.\nset:\n  parameters.gold_line.value: 83\n"
 */
export function printExtension({ programme, extends: base, version, title, rationale, values }: Extension): string {
  const lines = [
    keyLine(["extends", base]),
    keyLine(["programme", programme]),
    keyLine(["version", version]),
    ...(title === undefined ? [] : [keyLine(["title", title])]),
    ...printRationale(rationale),
    "set:",
    ...values.map(([path, text]) => `  ${keyLine([printScalar(`parameters.${path}`, false), text])}`),
  ];
  return `${lines.join("\n")}\n`;
}
