/** `policy format`: the canonical print of a policy file. */
import { z } from "zod";
import { InputRefused } from "../../data/foundation/index.ts";
import { formatPolicy } from "../../policies/language/index.ts";
import { defineOperation } from "./operation.ts";
import { writeWhole } from "./output-file.ts";
import { readPolicySource } from "./resolve.ts";
import { policyShape } from "./shapes.ts";

export const policyFormat = defineOperation({
  name: "policy format",
  summary: "Prints a policy file in its canonical form.",
  input: z.strictObject({
    file: policyShape.describe("The policy file").meta({ examples: ["1.2.0.yaml", { text: "extends: 1.0.0\nversion: 1.2.0" }] }),
    write: z.boolean().default(false).describe("Write the file in place"),
  }),
  output: z.object({ file: z.string(), text: z.string(), changed: z.boolean() }),
  isHeavy: true,
  command: { arguments: ["file"], only: ["write"] },
  route: { method: "post", path: "/api/policies/format" },
  perform: ({ file: source, write }, context) => {
    const { text, file } = readPolicySource(source, context);
    const formatted = formatPolicy(text, file);
    if (formatted.text === undefined) throw new InputRefused(formatted.diagnostics);
    const changed = formatted.text !== text;
    if (write && changed) writeWhole(file, formatted.text);
    return { file, text: formatted.text, changed };
  },
  print: ({ file, text, changed }, { write }) =>
    write ? `${file}: ${changed ? "written" : "was in its canonical form already"}` : text.trimEnd(),
});
