/** The policies of the bench, read by the language. */
import { packagePath, present } from "../../../data/foundation/index.ts";
import { type Policy, readLibraryPolicy } from "../../../policies/language/index.ts";
import { benchPolicy, type PolicyName } from "../manifest.ts";

/** The checked policy of that name. */
export function policyOf(name: PolicyName): Policy {
  const { reference } = benchPolicy(name);
  const file = reference.includes("@") ? reference : packagePath("test", "bench", "policies", reference);
  const { policy, diagnostics } = readLibraryPolicy(file);
  return present(policy, `${reference} without errors: ${diagnostics.map(({ message }) => message).join("; ")}`);
}
