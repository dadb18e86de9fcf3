/** The design system keeps its promises: contrast, no network, narrow rules for screens only. */
import { expect } from "chai";
import { digestOf } from "../../data/foundation/index.ts";
import { assetNames, assetText } from "../../views/index.ts";

const sheet = assetText("counterweight.css");
const light = tokensOf(/:root \{([^}]*)\}/.exec(sheet)?.[1] ?? "");
const dark = { ...light, ...tokensOf(/prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/.exec(sheet)?.[1] ?? "") };
const print = { ...light, ...tokensOf(/@media print \{\s*:root \{([^}]*)\}/.exec(sheet)?.[1] ?? "") };

function tokensOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})/g)].map((match) => [match[1], match[2]]));
}

/** WCAG 2.2 relative luminance contrast. */
function contrast(a: string | undefined, b: string | undefined): number {
  const [x, y] = [luminance(a ?? ""), luminance(b ?? "")].toSorted((p, q) => q - p);
  return ((x ?? 0) + 0.05) / ((y ?? 0) + 0.05);
}

function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, "$&$&") : hex;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("the design system", () => {
  for (const [name, tokens] of Object.entries({ light, dark, print })) {
    it(`${name}: text stands at 4.5 : 1 or more on its grounds, marks at 3 : 1`, () => {
      const text = ["ink", "ink-2", "ink-3", "accent", ...Object.keys(light).filter((token) => token.endsWith("-ink"))];
      for (const token of text) expect(contrast(tokens[token], tokens["paper"]), token).to.be.at.least(4.5);
      for (const token of ["ink", "ink-2", "ink-3"])
        expect(contrast(tokens[token], tokens["wash"]), `${token} on wash`).to.be.at.least(4.5);
      for (const token of ["down", "up", "base"]) expect(contrast(tokens[token], tokens["paper"]), token).to.be.at.least(3);
      for (const [ink, ground] of [
        ["ink", "grey-1"],
        ["ink", "grey-2"],
        ["ink", "grey-3"],
        ["paper", "grey-4"],
        ["paper", "accent"],
      ])
        expect(contrast(tokens[ink ?? ""], tokens[ground ?? ""]), `${ink} on ${ground}`).to.be.at.least(4.5);
    });
  }

  it("gives the phone's layout to screens only, so that paper keeps its own", () => {
    for (const [rule] of sheet.matchAll(/@media[^{]*max-width[^{]*/g)) expect(rule).to.include("screen and");
  });

  it("lets a script import only what is served, by the digest that it is kept under", () => {
    const imports = assetNames.flatMap((name) =>
      name.endsWith(".js") ? [...assetText(name).matchAll(/^(?:import|export) .*from "(.*)";$/gm)].map((match) => match[1]) : [],
    );
    const known = assetNames.map((name) => `./${name}?v=${digestOf(assetText(name)).slice(0, 12)}`);
    expect(imports).to.have.length(4);
    expect(known).to.include.members(imports);
  });

  it("loads nothing from anywhere", () => {
    for (const name of assetNames) expect(assetText(name)).not.to.match(/https?:\/\/|@import|url\((?!#)/);
  });
});
