/** Every peer of the bench computes what the replay computes: Python's where their virtual environment has been made. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { contenders } from "../bench/contenders/index.ts";
import { workloadNamed } from "../bench/manifest.ts";
import { runWorkload } from "../bench/paired-runs.ts";
import { benchPython } from "../bench/python.ts";

describe("the peers of the bench", function () {
  this.timeout(600_000);
  const python = benchPython({ mayInstall: false });
  const isOfPython = new Set(contenders.flatMap(({ name, by }) => (typeof by === "function" ? [] : [name])));

  for (const kind of ["SQL", "Python"] as const) {
    it(`in ${kind} give the sellers of every week and tier that the replay gives`, async function () {
      if (kind === "Python" && "missing" in python) {
        console.log(`      skipped: ${python.missing} (npm run bench does)`);
        this.skip();
      }
      const peers = contenders.filter(({ name, subject }) => subject === "tiers" && isOfPython.has(name) === (kind === "Python"));
      const only = ["replay", ...peers.map(({ name }) => name)];
      // A difference throws.
      const measured = await runWorkload(present(workloadNamed("small"), "the small workload"), { python, only });
      const ran = measured.flatMap((policy) => policy.contenders.filter(({ missing }) => missing === undefined).map(({ name }) => name));
      expect(new Set(ran).size).to.be.greaterThan(3);
    });
  }
});
