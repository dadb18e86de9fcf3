/** Numbers, money, dates and words, case by case. */
import { expect } from "chai";
import {
  countInWords,
  formatDate,
  formatMoney,
  formatMoneyExact,
  formatMoneyInProse,
  formatPoints,
  formatShare,
  formatShareInProse,
  formatSigned,
  formatSignificant,
  listInWords,
  monthTicks,
  pluralOf,
  proportionInWords,
  roundParts,
} from "../../views/formats/index.ts";

const plain = (words: string) => words.replaceAll("\u00a0", " ");

describe("formats", () => {
  const cases: readonly (readonly [string, string])[] = [
    [formatShare(0.03145), "3.1 %"],
    [formatShare(-0.5, 0), "−50 %"],
    [formatShareInProse(0.62), "62 %"],
    [formatShareInProse(0.042), "4.2 %"],
    [formatShareInProse(0), "0 %"],
    [formatShareInProse(0.00001), "under 0.1 %"],
    [formatShareInProse(0.99999), "over 99.9 %"],
    [formatPoints(0.0039), "+0.39"],
    [formatPoints(-0.019), "−1.90"],
    [formatPoints(0.000001), "0.00"],
    [formatPoints(-0.000001), "0.00"],
    [formatSigned(-1234, 0), "−1,234"],
    [formatMoney(2_961_234_500, "USD"), "$29.6 M"],
    [formatMoney(35_248_150, "BRL"), "R$352 k"],
    [formatSignificant(6.1063e-10, 2), "6.1 × 10⁻¹⁰"],
    [formatSignificant(-2e300, 3), "−2 × 10³⁰⁰"],
    [formatMoney(-5_000, "USD"), "−$50"],
    [formatMoney(99_995_000, "EUR"), "€1.00 M"],
    [formatMoney(123_456, "SEK"), "SEK 1,235"],
    [formatMoneyInProse(2_961_234_500, "USD"), "$29.6 million"],
    [formatMoneyInProse(4_120_000, "USD"), "$41,200"],
    [formatMoneyExact(2_961_234_567, "USD"), "$29,612,345.67"],
    [formatDate("2025-09-28"), "28 Sep 2025"],
    [formatDate("not a date"), "not a date"],
    [countInWords(12), "twelve"],
    [countInWords(1300), "1,300"],
    [pluralOf("entity"), "entities"],
    [pluralOf("seller"), "sellers"],
    [listInWords(["a", "b", "c"]), "a, b and c"],
    [proportionInWords(263, 390), "two in three"],
    [proportionInWords(61, 100), "61 %"],
    [proportionInWords(5, 5), "all"],
    [proportionInWords(0, 5), "none"],
  ];
  for (const [index, [found, expected]] of cases.entries()) it(`${index + 1}: ${expected}`, () => expect(plain(found)).to.equal(expected));

  it("rounds parts so that they sum as printed", () => {
    for (const parts of [
      [1, 1, 1],
      [31, 41, 16, 12],
      [0, 0, 5],
      [1e9, 1, 1],
      [2, 3, 7, 11, 13],
    ])
      expect(roundParts(parts).reduce((sum, part) => sum + part, 0)).to.equal(100);
    expect(roundParts([0, 0])).to.deep.equal([0, 0]);
  });

  it("places at most so many ticks, whatever the range", () => {
    const days = Array.from({ length: 1500 }, (_, day) => new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10));
    for (const length of [1, 5, 40, 400, 1500]) expect(monthTicks(days.slice(0, length), 4).length).to.be.within(1, 4);
  });
});
