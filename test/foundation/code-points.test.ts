/** The order of texts that all engines share, against that of their bytes in UTF-8. */
import { expect } from "chai";
import { byCodePoints } from "../../data/foundation/index.ts";

describe("the order of texts by code points", () => {
  it("is that of their bytes in UTF-8, as databases have it", () => {
    const characters = ["", "a", "\u{d7ff}", "\u{e000}", "\u{ffff}", "\u{10000}", "\u{10ffff}"];
    const texts = characters.flatMap((first) => characters.flatMap((second) => characters.map((third) => first + second + third)));
    const apart = texts.flatMap((a) =>
      texts.flatMap((b) => (Math.sign(byCodePoints(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b)) ? [] : [[a, b]])),
    );
    expect(apart).to.deep.equal([]);
    expect(["\u{10000}", "\u{e000}"].sort(), "which JavaScript's own order is not").to.deep.equal(["\u{10000}", "\u{e000}"]);
  });
});
