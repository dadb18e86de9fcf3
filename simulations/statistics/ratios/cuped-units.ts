/** What variance reduction works on: an arm's outcome and covariates as ratios (a mean is a ratio with denominators of 1), and each unit's share in them. */
import { invariant } from "../../../data/foundation/index.ts";
import { type Undetermined, undetermined } from "../estimate.ts";
import { sumOf } from "../sums.ts";
import { clusterSums, type Keys } from "./cluster-sums.ts";

/** A quantity of each unit; with denominators it is a ratio of sums. A missing value (of a covariate only) is null. */
export interface Quantity {
  readonly numerators: ArrayLike<number | null>;
  readonly denominators?: ArrayLike<number | null> | undefined;
}

/** An arm, row by row. */
export interface CupedRows {
  readonly outcome: Quantity;
  readonly covariates: readonly Quantity[];
  readonly clusters?: Keys | undefined;
}

/** Complete columns of an arm's units. */
export interface Units {
  readonly n: number;
  /** Outcome first, then covariates. */
  readonly numerators: readonly Float64Array[];
  readonly denominators: readonly Float64Array[];
}

/** How units without a covariate are treated: not at all, or as a stratum of their own (a further covariate says that it is missing). */
export type MissingRule = "refuse" | "own-stratum";

/**
 * Both arms with complete covariates. As a stratum of their own, units without a covariate get the mean of all that have it, and a further 0/1 covariate.
 * Clusters are added up after that. Undetermined when a covariate is missing and that is refused, or when all of it is missing.
 */
export function completeUnits(
  arms: { readonly control: CupedRows; readonly treatment: CupedRows },
  missing: MissingRule,
): { readonly control: Units; readonly treatment: Units } | Undetermined {
  const count = arms.control.covariates.length;
  invariant(count === arms.treatment.covariates.length, `${count} and ${arms.treatment.covariates.length} covariates`);
  const filled: Record<"control" | "treatment", Quantity[]> = { control: [], treatment: [] };
  const flags = new Map<string, Record<"control" | "treatment", Quantity>>();
  for (let k = 0; k < count; k++) {
    const pair = { control: arms.control.covariates[k] as Quantity, treatment: arms.treatment.covariates[k] as Quantity };
    const absent = { control: absences(pair.control), treatment: absences(pair.treatment) };
    const total = sumOf(absent.control) + sumOf(absent.treatment);
    if (total > 0 && missing === "refuse") {
      return undetermined(
        `covariate ${k + 1} is missing for ${total} units`,
        "the covariate of every unit, or units without it as a stratum of their own",
      );
    }
    if (total === absent.control.length + absent.treatment.length)
      return undetermined(`covariate ${k + 1} is missing for every unit`, "a covariate that is known for some");
    for (const name of ["control", "treatment"] as const) filled[name].push(total === 0 ? pair[name] : fill(pair[name], pair));
    if (total > 0)
      flags.set(`${absent.control.join("")}|${absent.treatment.join("")}`, {
        control: { numerators: absent.control },
        treatment: { numerators: absent.treatment },
      });
  }
  for (const flag of flags.values()) {
    filled.control.push(flag.control);
    filled.treatment.push(flag.treatment);
  }
  return { control: toUnits(arms.control, filled.control), treatment: toUnits(arms.treatment, filled.treatment) };
}

function absences({ numerators, denominators }: Quantity): Float64Array {
  return Float64Array.from({ length: numerators.length }, (_, i) => (numerators[i] === null || denominators?.[i] === null ? 1 : 0));
}

/** The quantity with the mean of both arms' known values where it is missing. */
function fill(own: Quantity, pair: { readonly control: Quantity; readonly treatment: Quantity }): Quantity {
  const absent = absences(own);
  const known = (part: "numerators" | "denominators"): number => {
    const values = [pair.control, pair.treatment].flatMap((quantity) => {
      const missing = absences(quantity);
      return Array.from(quantity[part] ?? [], (value, i) => (missing[i] === 0 ? (value as number) : undefined)).filter(
        (value) => value !== undefined,
      );
    });
    return sumOf(values) / values.length;
  };
  const filled = (values: ArrayLike<number | null>, mean: number): Float64Array =>
    Float64Array.from({ length: values.length }, (_, i) => (absent[i] === 1 ? mean : (values[i] as number)));
  return {
    numerators: filled(own.numerators, known("numerators")),
    denominators: own.denominators === undefined ? undefined : filled(own.denominators, known("denominators")),
  };
}

function toUnits({ outcome, clusters }: CupedRows, covariates: readonly Quantity[]): Units {
  const quantities = [outcome, ...covariates];
  const rows = outcome.numerators.length;
  const complete = (values: ArrayLike<number | null>): Float64Array => {
    invariant(values.length === rows, `${values.length} values for ${rows} units`);
    return Float64Array.from({ length: rows }, (_, i) => values[i] as number);
  };
  const numerators = quantities.map((quantity) => complete(quantity.numerators));
  const denominators = quantities.map((quantity) =>
    quantity.denominators === undefined ? new Float64Array(rows).fill(1) : complete(quantity.denominators),
  );
  if (clusters === undefined) return { n: rows, numerators, denominators };
  const sums = clusterSums(clusters, [...numerators, ...denominators]);
  return { n: sums[0]?.length ?? 0, numerators: sums.slice(0, quantities.length), denominators: sums.slice(quantities.length) };
}
