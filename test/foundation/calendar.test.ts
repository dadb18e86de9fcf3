/** Calendar arithmetic against an independent walk over the days of five centuries. */
import { expect } from "chai";
import fc from "fast-check";
import {
  addMonths,
  civilOf,
  type Day,
  dayOf,
  daysInMonth,
  firstDayOf,
  formatDay,
  formatPeriod,
  lastDayOf,
  parseDay,
  periodOf,
  weekdayOf,
} from "../../data/foundation/index.ts";

describe("calendar", () => {
  it("agrees with counting day by day from 1800 to 2300", () => {
    let day: Day = dayOf({ year: 1800, month: 1, dayOfMonth: 1 });
    let weekday = 2; // 1800-01-01 was a Wednesday
    for (let year = 1800; year <= 2300; year++) {
      for (let month = 1; month <= 12; month++) {
        for (let dayOfMonth = 1; dayOfMonth <= daysInMonth(year, month); dayOfMonth++) {
          if (dayOf({ year, month, dayOfMonth }) !== day || weekdayOf(day) !== weekday) expect.fail(`${year}-${month}-${dayOfMonth}`);
          const civil = civilOf(day);
          if (civil.year !== year || civil.month !== month || civil.dayOfMonth !== dayOfMonth) expect.fail(formatDay(day));
          day++;
          weekday = (weekday + 1) % 7;
        }
      }
    }
  });

  it("counts from 1970 as the system does", () => {
    expect(parseDay("2026-11-23")).to.equal(Date.UTC(2026, 10, 23) / 86_400_000);
  });

  it("reads only days that exist, written in full", () => {
    expect(parseDay("2024-02-29")).to.equal(19_782);
    for (const wrong of ["2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01", "2024-01-01T00:00", " 2024-01-01", ""]) {
      expect(parseDay(wrong), wrong).to.equal(undefined);
    }
  });

  it("prints what it reads", () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (day) => {
        expect(parseDay(formatDay(day))).to.equal(day);
      }),
    );
  });

  it("puts every day into exactly one period of every grain", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50_000, max: 80_000 }),
        fc.constantFrom("day" as const, "week" as const, "month" as const),
        (day, grain) => {
          const period = periodOf(grain, day);
          expect(firstDayOf(grain, period)).to.be.at.most(day);
          expect(lastDayOf(grain, period)).to.be.at.least(day);
          expect(firstDayOf(grain, period + 1)).to.equal(lastDayOf(grain, period) + 1);
          expect(periodOf(grain, firstDayOf(grain, period))).to.equal(period);
          if (grain === "week") expect(weekdayOf(firstDayOf(grain, period))).to.equal(0);
        },
      ),
    );
  });

  it("names a week by its Sunday and a month by its last day", () => {
    expect(formatPeriod("week", periodOf("week", dayOf({ year: 2025, month: 9, dayOfMonth: 22 })))).to.equal("2025-09-28");
    expect(formatPeriod("month", periodOf("month", dayOf({ year: 2024, month: 2, dayOfMonth: 1 })))).to.equal("2024-02-29");
  });

  it("clips a day of month that does not exist", () => {
    const january31 = dayOf({ year: 2024, month: 1, dayOfMonth: 31 });
    expect(formatDay(addMonths(january31, 1))).to.equal("2024-02-29");
    expect(formatDay(addMonths(january31, -2))).to.equal("2023-11-30");
    expect(formatDay(addMonths(january31, 13))).to.equal("2025-02-28");
  });
});
