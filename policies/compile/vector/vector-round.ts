/** Rounding on the exact binary value, two rows at a time: what `roundExactly` and `roundToInteger` do with one number. */
import { type Code, f64x2, flow, invariant, sequence, v128 } from "../../../data/foundation/index.ts";
import { powerOfTen } from "../decimal.ts";
import type { VectorNames } from "./vector-names.ts";
import { NoVectorForm } from "./vector-writer.ts";

const { get, set } = flow;
const SPLIT = 134_217_729;

/**
 * The doubles nearest to the multiples of 10^-decimals that are nearest to the values, ties away from zero. Missing stays missing. `bound`:
 * no value lies further from 0.
 *
 * Scaled by 10^decimals a value that lies clearly off every half has a certain nearest integer. Where one of the two does not, the error of
 * the scaling decides (Dekker 1971). From 10^15 on the plain kernels decide.
 */
export function roundLanes({ writer, breach }: VectorNames, value: Code, decimals: number, bound = Number.POSITIVE_INFINITY): Code {
  if (decimals > 15) throw new NoVectorForm(`${decimals} decimals`);
  invariant(decimals >= 0, "decimals below 0");
  const fixed = (number: number) => writer.fixed(number);
  const power = fixed(powerOfTen(decimals));
  const exact = writer.keep(value);
  const scaled = writer.keep(f64x2.mul(exact, power));
  const nearest = writer.keep(f64x2.floor(f64x2.add(scaled, fixed(0.5))));
  const isNearHalf = f64x2.ge(f64x2.abs(f64x2.sub(scaled, nearest)), fixed(0.499999));
  // Twice the bound: rounding errors in the value itself never reach that far.
  const isSmall = 2 * bound * powerOfTen(decimals) < 1e9;
  const doubtful = writer.keep(isSmall ? isNearHalf : v128.or(isNearHalf, f64x2.ge(f64x2.abs(scaled), fixed(1e9))));
  const result = writer.local("v128");
  writer.write(set(result, f64x2.div(nearest, power)));
  const [size, product, shift, high, low, floor, error, rounded] = Array.from({ length: 8 }, () => writer.local("v128")) as Locals;
  const { powerHigh, powerLow } = splitPower(powerOfTen(decimals));
  writer.rarely(doubtful, () => {
    // In the order of `roundExactly`, which is that of its rounding errors.
    const errorCode = [
      f64x2.mul(get(high), fixed(powerLow)),
      f64x2.mul(get(low), fixed(powerHigh)),
      f64x2.mul(get(low), fixed(powerLow)),
    ].reduce((sum, term) => f64x2.add(sum, term), f64x2.sub(f64x2.mul(get(high), fixed(powerHigh)), get(product)));
    const isUp = f64x2.ge(f64x2.sub(f64x2.sub(get(product), get(floor)), fixed(0.5)), f64x2.neg(get(error)));
    writer.write(
      sequence(
        set(size, f64x2.abs(exact)),
        set(product, f64x2.mul(get(size), power)),
        isSmall ? [] : breach(v128.and(doubtful, f64x2.ge(get(product), fixed(1e15)))),
        set(shift, f64x2.mul(fixed(SPLIT), get(size))),
        set(high, f64x2.sub(get(shift), f64x2.sub(get(shift), get(size)))),
        set(low, f64x2.sub(get(size), get(high))),
        set(floor, f64x2.floor(get(product))),
        set(error, errorCode),
        set(rounded, f64x2.div(v128.select(f64x2.add(get(floor), fixed(1)), get(floor), isUp), power)),
        set(rounded, v128.select(f64x2.sub(fixed(0), get(rounded)), get(rounded), f64x2.lt(exact, fixed(0)))),
        set(result, v128.select(get(rounded), get(result), doubtful)),
      ),
    );
  });
  return get(result);
}

/** A value that may be off by some, and how to compute it as it should be. */
export interface Doubtful {
  readonly decimals: number;
  /** How far off, at most, in units of the last decimal. */
  readonly doubt: number;
  /** Writes the rounded value. */
  readonly exactly: () => Code;
}

/**
 * Rounds values that may be off by some: where what they round to is not certain for all that, they are computed as they should be. The
 * values are scores, of 100 at most.
 */
export function roundLanesUnless({ writer }: VectorNames, value: Code, { decimals, doubt, exactly }: Doubtful): Code {
  const power = writer.fixed(powerOfTen(decimals));
  const scaled = writer.keep(f64x2.mul(value, power));
  const nearest = writer.keep(f64x2.floor(f64x2.add(scaled, writer.fixed(0.5))));
  const isNearHalf = f64x2.ge(f64x2.abs(f64x2.sub(scaled, nearest)), writer.fixed(0.4999 - doubt));
  const result = writer.local("v128");
  writer.write(set(result, f64x2.div(nearest, power)));
  writer.rarely(isNearHalf, () => writer.write(set(result, exactly())));
  return get(result);
}

type Locals = [number, number, number, number, number, number, number, number];

/** Veltkamp's split of a power of ten. */
function splitPower(power: number): { readonly powerHigh: number; readonly powerLow: number } {
  const shift = SPLIT * power;
  const powerHigh = shift - (shift - power);
  return { powerHigh, powerLow: power - powerHigh };
}

/** The nearest integers, ties away from zero. */
export function roundToIntegerLanes({ writer }: VectorNames, value: Code): Code {
  const exact = writer.keep(value);
  const size = writer.keep(f64x2.abs(exact));
  const floor = writer.keep(f64x2.floor(size));
  const isUp = f64x2.ge(f64x2.sub(size, floor), writer.fixed(0.5));
  const rounded = writer.keep(v128.select(f64x2.add(floor, writer.fixed(1)), floor, isUp));
  return writer.keep(v128.select(f64x2.sub(writer.fixed(0), rounded), rounded, f64x2.lt(exact, writer.fixed(0))));
}
