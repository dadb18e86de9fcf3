/** The figures of a group-sequential design before it starts. */
import { normalDistribution } from "../distributions/index.ts";
import { estimated } from "../estimate.ts";
import { type Found, finding } from "../finding.ts";
import { type GroupSequentialDesign, groupSequentialBoundaries } from "./boundaries.ts";
import { driftForPower, groupSequentialPower, inflationFactor } from "./power.ts";

/**
 * The design as a finding: how much more information its maximum needs than a fixed design of the same level and power; and, look by look, its
 * boundaries, what is spent, and how often it stops there without an effect and with the planned one.
 */
export function groupSequentialDesign(design: GroupSequentialDesign, power: number): Found {
  const boundaries = groupSequentialBoundaries(design);
  const drift = driftForPower(boundaries, power);
  const value = inflationFactor(design, power);
  const [without, planned, half] = [0, drift, drift / 2].map((at) => groupSequentialPower(boundaries, at)) as [Stops, Stops, Stops];
  const standard = normalDistribution(0, 1);
  const looks = boundaries.shares.map((informationShare, k) => {
    const z = boundaries.upper[k] as number;
    const futility = boundaries.futility?.z[k];
    return {
      look: k + 1,
      informationShare,
      boundary: Number.isFinite(z) ? z : "no stop",
      nominalPValue: Number.isFinite(z) ? design.sides * standard.survival(z) : 0,
      spent: boundaries.spent[k] as number,
      ...(futility === undefined ? {} : { futility: Number.isFinite(futility) ? futility : "no stop" }),
      stopsWithoutEffect: (without.upperByLook[k] as number) + (without.lowerByLook[k] as number),
      stopsAtPlannedEffect: (planned.upperByLook[k] as number) + (planned.lowerByLook[k] as number),
    };
  });
  return finding({
    estimate: estimated({ value, method: "inflation factor", n: looks.length }),
    details: {
      drift,
      power,
      expectedInformationWithoutEffect: without.expectedShare * value,
      expectedInformationAtHalfTheEffect: half.expectedShare * value,
      expectedInformationAtPlannedEffect: planned.expectedShare * value,
      looks,
    },
  });
}

type Stops = ReturnType<typeof groupSequentialPower>;
