/** `policy save`: keeps a policy as a version of its programme in this home, where every command and page finds it by name. */
import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { diagnose, hasErrors, InputRefused, nearestName } from "../../data/foundation/index.ts";
import { onHomeFolder } from "../../data/store/index.ts";
import { formatPolicy, type Policy, readPolicy } from "../../policies/language/index.ts";
import { knownVersions, loadKnown, nextMinorOf, savedFileOf } from "./known-policies.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { readPolicySource } from "./resolve.ts";
import { diagnosticJson, diagnosticShape, policyShape } from "./shapes.ts";

export const policySave = defineOperation({
  name: "policy save",
  summary: "Checks a policy and keeps it as a version of its programme in this home, under the number that its text states.",
  input: z.strictObject({
    file: policyShape
      .describe("The policy file; over the network its text")
      .meta({ examples: ["1.2.0.yaml", { text: "extends: 1.0.0\nversion: 1.2.0" }] }),
  }),
  output: z.object({
    reference: z.string(),
    programme: z.string(),
    version: z.string(),
    digest: z.string(),
    diagnostics: z.array(diagnosticShape).describe("Warnings and notes"),
  }),
  isHeavy: true,
  command: { arguments: ["file"] },
  route: { method: "post", path: "/api/policies" },
  perform: ({ file }, context) => {
    const given = readPolicySource(file, context);
    const formatted = formatPolicy(given.text, given.file);
    const text = formatted.text ?? given.text;
    const { home } = context.store;
    // Read again as it will lie there: what stood beside the file it came from is not there.
    const read = readPolicy({ text, file: typeof file === "string" ? given.file : file.file, load: loadKnown(home) });
    if (read.policy === undefined || hasErrors(read.diagnostics)) throw new InputRefused(read.diagnostics);
    const { programme, version, digest } = read.policy;
    requireFreeNumber(read.policy, home);
    keep(context, read.policy, text);
    return { reference: `${programme}@${version}`, programme, version, digest, diagnostics: read.diagnostics.map(diagnosticJson) };
  },
  link: ({ programme, version }) => `/policies/${programme}/${version}`,
  print: ({ reference }) => `Saved as ${reference}`,
});

/** @throws InputRefused `unknown-policy` for a programme that there is not, `version-exists`. */
function requireFreeNumber({ programme, version }: Policy, home: string): void {
  const known = knownVersions(home);
  const own = known.filter((entry) => entry.programme === programme);
  if (own.length === 0) {
    const programmes = [...new Set(known.map((entry) => entry.programme))];
    throw new InputRefused([
      diagnose("unknown-policy", {
        message: `there is no programme '${programme}'; there are ${programmes.join(", ")}`,
        found: programme,
        near: nearestName(programme, programmes),
        cure: "A version is saved to a programme that is there already.",
      }),
    ]);
  }
  if (own.some((entry) => entry.version === version)) throw existing(`${programme}@${version}`, own);
}

function existing(reference: string, own: readonly { readonly version: string }[]): InputRefused {
  const free = nextMinorOf(own.map(({ version }) => version));
  return new InputRefused([
    diagnose("version-exists", {
      message: `${reference} is there already`,
      found: reference,
      expected: free,
      cure: `Choose another number; ${free} is free.`,
    }),
  ]);
}

/** Puts the file in its place whole, and never in the place of another. @throws InputRefused `version-exists`, `home-unusable`. */
function keep({ store: { home } }: OperationContext, policy: Policy, text: string): void {
  const place = savedFileOf(home, policy);
  const part = `${place}.${process.pid}.part`;
  onHomeFolder(home, () => {
    mkdirSync(dirname(place), { recursive: true });
    try {
      writeFileSync(part, text);
      linkSync(part, place);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST")
        throw existing(`${policy.programme}@${policy.version}`, [policy]);
      throw error;
    } finally {
      rmSync(part, { force: true });
    }
  });
}
