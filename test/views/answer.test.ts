/** The answer of a report in all its shapes: it says the same four things, and stays short. */
import { expect } from "chai";
import { answerShapes } from "./answer-shapes.ts";

/** Five lines of a page 1,440 wide hold so many characters of it: test/slow/browser.test.ts measures the lines themselves. */
const charactersMax = 450;

describe("the answer of a report", () => {
  const shapes = [...answerShapes()].map(([name, spans]) => ({ name, text: spans.map(({ text }) => text).join("") }));

  it("fits five lines, whatever can be said", () => {
    expect(shapes.length).to.be.greaterThan(60);
    for (const { name, text } of shapes) expect(text.length, `${name}: ${text}`).to.be.at.most(charactersMax);
  });

  it("says what the change does, at what cost, how surely, and to whom, as far as each is known", () => {
    for (const { name, text } of shapes) {
      if (!name.includes(", ")) continue;
      const [sales, errors, bearers] = name.split(", ");
      expect(text, name).to.match(
        /^Version 2\.0\.0 moves [\d.]+\u00a0% of sellers to another tier, three in four down, and holds 1,083\u00a0more adverse/,
      );
      expect(text.includes("under a different consequence"), name).to.equal(sales !== "no sales");
      expect(text.includes("of fine sellers") || text.includes("known fine"), name).to.equal(errors !== "no labels");
      expect(/points|\u00a0% of fine/.test(text), name).to.equal(errors !== "no labels");
      expect(text, name).to.match(
        bearers === "no clear group" ? /No one group clearly bears it\.$/ : /365 days and more ago (bear it|turn adverse more often): /,
      );
    }
  });
});
