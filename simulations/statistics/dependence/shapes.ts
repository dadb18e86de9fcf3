/** Shapes of inputs whose rows belong together. */
import { z } from "zod";

const valuesShape = z.array(z.number()).max(1_000_000);

export const clusterIdsShape = z
  .array(z.union([z.string(), z.number()]))
  .max(1_000_000)
  .describe("The cluster of each row: a JSON list of names or numbers");

/** Fields of a regression. */
export const regressionShape = {
  outcome: valuesShape.describe("The outcome, one number a row"),
  regressors: z.record(z.string(), valuesShape).describe("Columns by name, one number a row each; without the column of ones"),
  intercept: z.boolean().default(true).describe("Whether a column of ones is added"),
  coefficient: z.string().describe("The column whose coefficient is the estimate; '(intercept)' for the column of ones"),
};

interface RegressionRows {
  readonly outcome: readonly number[];
  readonly regressors: Readonly<Record<string, readonly number[]>>;
  readonly intercept: boolean;
  readonly coefficient: string;
  readonly clusters?: readonly unknown[] | undefined;
}

/** Refuses columns of other lengths and names that are no column. */
export function hasRowsAlike<Shape extends z.ZodType<RegressionRows>>(shape: Shape): Shape {
  return shape.superRefine((given, context) => {
    const { outcome, regressors, intercept, coefficient, clusters } = given as RegressionRows;
    const refuse = (path: readonly string[], message: string): void => context.addIssue({ code: "custom", path: [...path], message });
    const n = outcome.length;
    const names = Object.keys(regressors);
    for (const name of names) {
      const length = regressors[name]?.length ?? 0;
      if (length !== n) refuse(["regressors", name], `${length} values for ${n} outcomes`);
      if (name === "(intercept)") refuse(["regressors", name], "'(intercept)' is the name of the column of ones");
    }
    if (names.length > 200) refuse(["regressors"], `${names.length} columns; at most 200`);
    if (clusters !== undefined && clusters.length !== n) refuse(["clusters"], `${clusters.length} clusters for ${n} outcomes`);
    const known = intercept ? ["(intercept)", ...names] : names;
    if (!known.includes(coefficient))
      refuse(["coefficient"], `no column '${coefficient}'; there is ${known.map((name) => `'${name}'`).join(", ") || "none"}`);
  });
}

/** One arm of an experiment by clusters. */
export const clusteredArmShape = z
  .strictObject({ values: valuesShape.describe("One number a unit"), clusters: clusterIdsShape })
  .refine(({ values, clusters }) => values.length === clusters.length, "as many clusters as values, one for each unit");

interface ClusteredArms {
  readonly control: { readonly clusters: readonly (string | number)[] };
  readonly treatment: { readonly clusters: readonly (string | number)[] };
}

/** Refuses a cluster that is in both arms. */
export function hasOneArmEach<Shape extends z.ZodType<ClusteredArms>>(shape: Shape): Shape {
  return shape.superRefine((given, context) => {
    const { control, treatment } = given as ClusteredArms;
    const inControl = new Set(control.clusters);
    const both = treatment.clusters.find((id) => inControl.has(id));
    if (both !== undefined)
      context.addIssue({
        code: "custom",
        path: ["treatment", "clusters"],
        message: `the cluster '${both}' is in both arms: compare within clusters instead, by regression`,
      });
  });
}

/** Units as they were randomised, with further fields. */
export function randomisedShape<Fields extends z.ZodRawShape>(fields: Fields) {
  return z
    .strictObject({
      values: valuesShape.describe("The outcome, one number a unit"),
      treated: z.array(z.number().int().min(0).max(1)).max(1_000_000).describe("1 for a treated unit, 0 for a control unit"),
      strata: clusterIdsShape.optional().describe("The stratum of each unit within which arms were drawn: a JSON list"),
      clusters: clusterIdsShape.optional().describe("The cluster of each unit, where whole clusters were assigned: a JSON list"),
      ...fields,
    })
    .superRefine((given, context) => {
      const rows = given as { values: number[]; treated: number[]; strata?: (string | number)[]; clusters?: (string | number)[] };
      const n = rows.values.length;
      for (const field of ["treated", "strata", "clusters"] as const) {
        const length = rows[field]?.length ?? n;
        if (length !== n) context.addIssue({ code: "custom", path: [field], message: `${length} entries for ${n} values` });
      }
      const firsts = new Map<string | number, number>();
      for (const [i, cluster] of (rows.clusters ?? []).entries()) {
        const first = firsts.get(cluster) ?? i;
        firsts.set(cluster, first);
        if (rows.treated[first] !== rows.treated[i] || rows.strata?.[first] !== rows.strata?.[i]) {
          context.addIssue({
            code: "custom",
            path: ["clusters"],
            message: `units of the cluster '${cluster}' are in different arms or strata`,
          });
          return;
        }
      }
    });
}
