/** The generated history, as SQL of DuckDB: the same numbers for the same size, whatever the threads. */
import { firstDayOf } from "../../../data/foundation/index.ts";
import type { Workload } from "../manifest.ts";

/** The first week of every history of the bench. */
export const firstWeek = 2_800;

/** The first day of its first week. */
export const firstDay = firstDayOf("week", firstWeek);

const named = [
  "orders",
  "due_dispatches",
  "late_dispatches",
  "deliveries",
  "late_deliveries",
  "seller_cancellations",
  "reviews",
  "low_reviews",
  "gmv",
] as const;

/** The measures of a workload's history, in order; those after the ninth are read by no policy. */
export function measureNames({ measures }: Pick<Workload, "measures">): readonly string[] {
  return [...named, ...Array.from({ length: measures - named.length }, (_, index) => `unread_${index + 1}`)];
}

/**
 * Statements that make three tables. `history`: seller, week (both from 0), opened_on, category, measures; one row a seller and
 * week, in that order. `sellers`: seller, entity (its key), opened_on, category. `happenings`: id, seller, kind, day, known_on, points, about.
 * Category and seller are numbers, days are day numbers, gmv is in cents: the types that DuckDB reads fastest.
 */
export function historyStatements(workload: Workload): readonly string[] {
  const { sellers, weeks } = workload;
  const unread = measureNames(workload).slice(named.length);
  return [
    `CREATE TABLE sellers AS SELECT *, format('seller-{:07d}', seller) AS entity FROM (${traits(`SELECT range::INTEGER AS seller FROM range(${sellers})`)})`,
    `CREATE TABLE history AS
     SELECT seller, week, opened_on, category, orders, round(orders * 0.97)::INTEGER AS due_dispatches, late AS late_dispatches,
       orders AS deliveries, least(orders, round(late * 1.3))::INTEGER AS late_deliveries, round(late * 0.4)::INTEGER AS seller_cancellations,
       round(orders * 0.4)::INTEGER AS reviews, least(round(late * 0.4), round(orders * 0.4))::INTEGER AS low_reviews,
       orders::BIGINT * (1000 + ${chance(13)} * 5000)::BIGINT AS gmv${unread.map((name, index) => `, (orders * ${chance(20 + index)})::INTEGER AS ${name}`).join("")}
     FROM (SELECT *, least(orders, round(orders * bad * 2 * ${chance(12)}))::INTEGER AS late
       FROM (SELECT *, round(size * (0.5 + ${chance(11)}))::INTEGER AS orders
         FROM (${traits(`SELECT (range // ${weeks})::INTEGER AS seller, (range % ${weeks})::INTEGER AS week FROM range(${sellers * weeks})`)})))`,
    `CREATE TABLE happenings AS
     WITH violations AS (
       SELECT format('v-{:07d}-{:03d}', seller, week) AS id, seller, day, day + (hash(seller, week, 33) % 10)::INTEGER AS known_on,
         1 + (hash(seller, week, 34) % 4)::INTEGER AS points, hash(seller, week, 35) % 4 = 0 AS overturned,
         5 + (hash(seller, week, 36) % 60)::INTEGER AS pending
       FROM (SELECT seller, week, ${firstDay} + week * 7 + (hash(seller, week, 32) % 7)::INTEGER AS day FROM history WHERE hash(seller, week, 31) % 80 = 0))
     SELECT id, seller, 'violation' AS kind, day, known_on, points, NULL::VARCHAR AS about FROM violations
     UNION ALL
     SELECT 'a' || id[2:], seller, 'appeal_granted', known_on + pending, known_on + pending, NULL, id FROM violations WHERE overturned
     ORDER BY seller, known_on, id`,
  ];
}

/** Adds what a seller is like: size, how bad it is, when it opened, its category. */
function traits(of: string): string {
  const u = (salt: number) => `((hash(seller, ${salt}) >> 11)::DOUBLE / 9007199254740992e0)`;
  return `SELECT *, exp(3 + 1.2 * sqrt(-2 * ln(1 - ${u(1)})) * cos(6.283185307179586e0 * ${u(2)})) AS size, 0.01 + 0.2 * ${u(3)} ^ 2 AS bad,
    (${firstDay - 900} + (hash(seller, 4) % 1000)::INTEGER)::INTEGER AS opened_on, (hash(seller, 5) % 12)::INTEGER AS category FROM (${of})`;
}

function chance(salt: number): string {
  return `((hash(seller, week, ${salt}) >> 11)::DOUBLE / 9007199254740992e0)`;
}
