/** The meaning of the language, case by case, from tables that were worked out by hand: the slow evaluator and the kernels. */
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { packagePath } from "../../data/foundation/index.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import { type EvaluatedRow, evaluateEntity, gatherPeers } from "../../policies/explain/index.ts";
import { type Policy, tierNames } from "../../policies/language/index.ts";
import { columnNames, frameDisagreements } from "../properties/agreement.ts";
import { kernelPeers, plainPeers } from "../properties/peers.ts";
import { type TableHistory, tableHistory, tablePanel, tableSchema } from "./table-history.ts";
import { type TablePolicy, tablePolicy } from "./table-policy.ts";

interface LanguageCase extends TableHistory {
  readonly name: string;
  readonly policy: TablePolicy;
  /** Further entities, for peers. */
  readonly others?: readonly TableHistory[];
  /** By name of a metric, score, ledger or condition, or of a column of the frame: one value a row; null is missing or unknown. */
  readonly expect: Readonly<Record<string, readonly (number | boolean | string | null)[]>>;
}

const folder = packagePath("test", "explain", "language");

for (const file of readdirSync(folder).sort()) {
  describe(`the language by hand: ${file.replace(".yaml", "")}`, () => {
    const table = parse(readFileSync(`${folder}/${file}`, "utf8")) as readonly LanguageCase[];
    for (const row of table) {
      it(row.name, () => {
        const policy = tablePolicy(row.policy);
        const schema = tableSchema(row.grain);
        const history = tableHistory(row);
        const { grain } = schema;
        const others = (row.others ?? []).map((other, index) => tableHistory({ grain, ...other }, `other ${index}`));
        const peers = gatherPeers(policy, schema, [history, ...others]);
        const rows = evaluateEntity(policy, schema, history, { peers });
        for (const [name, expected] of Object.entries(row.expect)) {
          expect(
            rows.map((evaluated) => columnOf(policy, evaluated, name)),
            name,
          ).to.deep.equal(expected);
        }
        const panel = tablePanel(schema, [history, ...others]);
        expect(plainPeers(kernelPeers(policy, panel))).to.deep.equal(plainPeers(peers));
        const frame = compilePolicy(policy, panel.schema).run(panel.readChunk(0), { columns: columnNames(policy), peers });
        expect(frameDisagreements(policy, schema, rows, frame, 0)).to.deep.equal([]);
      });
    }
  });
}

/** A value as the tables write it. */
function columnOf(policy: Policy, row: EvaluatedRow, name: string): unknown {
  if (name === "merited" || name === "held") return tierNames(policy)[row[name]] ?? "-";
  if (name === "demoteCount" || name === "promoteCount" || name === "shielded") return row[name];
  for (const section of [row.metrics, row.scores, row.ledgers, row.conditions]) {
    const value = section[name];
    // Nine decimals can be worked out by hand; exactness at a bound is tried by a condition on it.
    if (name in section) return typeof value === "number" ? Number(value.toFixed(9)) : (value ?? null);
  }
  throw new RangeError(`nothing is called ${name}`);
}
