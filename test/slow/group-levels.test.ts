/** How often groups that differ by chance alone are called beyond chance. */
import { expect } from "chai";
import { drawnGroups, foundIn } from "../comparison/drawn-groups.ts";

describe("corrected comparisons of groups", () => {
  it("name any group in at most 5 % of worlds without a difference", () => {
    const worlds = Array.from({ length: 2000 }, (_, world) => world);
    const share = (by: "benjaminiHochberg" | "holm"): number =>
      worlds.filter((world) => foundIn(drawnGroups(3, world, undefined), by).length > 0).length / worlds.length;
    const [discovery, holm] = [share("benjaminiHochberg"), share("holm")];
    // Three standard errors of 2,000 worlds are 1.5 points.
    expect(discovery).to.be.within(0.02, 0.065);
    expect(holm).to.be.at.most(discovery);
  });
});
