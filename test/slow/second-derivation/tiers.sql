-- Tiers of one version of seller-performance, derived again from the weekly seller panel, by nothing but SQL.
-- Reads: panel (seller_id, week_end, measures), sellers (seller_id, opened_on). Placeholders in braces are the version's numbers.
-- Writes: one table held_VERSION a version (seller_id, week_end, step, overall, merited, held, shielded).
-- Rounding on the exact binary value: printf rounds it correctly, and exact ties (m / 128 for 6 decimals, m / 4 for 1, m odd) go up.
-- Tier codes: 0 gold, 1 standard, 2 watch, 3 restricted, 4 unrated.
CREATE OR REPLACE TEMP MACRO rounded6(x) AS CASE WHEN (x * 128) % 2 = 1 THEN floor(x * 1000000 + 0.5) / 1000000 ELSE printf('%.6f', x::DOUBLE)::DOUBLE END;
CREATE OR REPLACE TEMP MACRO rounded1(x) AS CASE WHEN (x * 4) % 2 = 1 THEN floor(x * 10 + 0.5) / 10 ELSE printf('%.1f', x::DOUBLE)::DOUBLE END;

CREATE OR REPLACE TEMP TABLE merited_{version} AS
WITH windows AS (
  SELECT seller_id, week_end,
    row_number() OVER all_rows AS step,
    sum(late_dispatches) OVER long_window AS late, sum(due_dispatches) OVER long_window AS due,
    sum(late_deliveries) OVER long_window AS late_arrivals, sum(deliveries) OVER long_window AS arrivals,
    sum(seller_cancellations) OVER long_window AS cancelled, sum(orders) OVER long_window AS ordered,
    sum(low_reviews) OVER long_window AS low, sum(reviews) OVER long_window AS reviewed,
    sum(orders) OVER (all_rows ROWS BETWEEN 11 PRECEDING AND CURRENT ROW) AS recent_orders
  FROM panel
  WINDOW all_rows AS (PARTITION BY seller_id ORDER BY week_end),
    long_window AS (PARTITION BY seller_id ORDER BY week_end ROWS BETWEEN {weeks} - 1 PRECEDING AND CURRENT ROW)),
rates AS (
  SELECT *,
    CASE WHEN due >= 10 THEN late::DOUBLE / due::DOUBLE END AS late_rate,
    CASE WHEN arrivals >= 10 THEN late_arrivals::DOUBLE / arrivals::DOUBLE END AS arrival_rate,
    CASE WHEN ordered >= 10 THEN cancelled::DOUBLE / ordered::DOUBLE END AS cancellation_rate,
    CASE WHEN reviewed >= 10 THEN (low::DOUBLE + 0.15::DOUBLE * 10) / (reviewed::DOUBLE + 10) END AS low_rate
  FROM windows),
points AS (
  SELECT *,
    rounded6(CASE WHEN late_rate IS NULL THEN NULL WHEN late_rate <= 0 THEN 100
      WHEN late_rate < 0.04 THEN 100 + (late_rate - 0) * (85 - 100) / (0.04::DOUBLE - 0)
      WHEN late_rate < 0.15 THEN 85 + (late_rate - 0.04::DOUBLE) * (50 - 85) / (0.15::DOUBLE - 0.04::DOUBLE)
      WHEN late_rate < 0.4 THEN 50 + (late_rate - 0.15::DOUBLE) * (0 - 50) / (0.4::DOUBLE - 0.15::DOUBLE) ELSE 0 END) AS dispatch,
    rounded6(CASE WHEN arrival_rate IS NULL THEN NULL WHEN arrival_rate <= 0 THEN 100
      WHEN arrival_rate < 0.05 THEN 100 + (arrival_rate - 0) * (85 - 100) / (0.05::DOUBLE - 0)
      WHEN arrival_rate < 0.15 THEN 85 + (arrival_rate - 0.05::DOUBLE) * (50 - 85) / (0.15::DOUBLE - 0.05::DOUBLE)
      WHEN arrival_rate < 0.35 THEN 50 + (arrival_rate - 0.15::DOUBLE) * (0 - 50) / (0.35::DOUBLE - 0.15::DOUBLE) ELSE 0 END) AS delivery,
    rounded6(CASE WHEN cancellation_rate IS NULL THEN NULL WHEN cancellation_rate <= 0 THEN 100
      WHEN cancellation_rate < 0.015 THEN 100 + (cancellation_rate - 0) * (80 - 100) / (0.015::DOUBLE - 0)
      WHEN cancellation_rate < 0.05 THEN 80 + (cancellation_rate - 0.015::DOUBLE) * (30 - 80) / (0.05::DOUBLE - 0.015::DOUBLE)
      WHEN cancellation_rate < 0.1 THEN 30 + (cancellation_rate - 0.05::DOUBLE) * (0 - 30) / (0.1::DOUBLE - 0.05::DOUBLE) ELSE 0 END) AS cancellation,
    rounded6(CASE WHEN low_rate IS NULL THEN NULL WHEN low_rate <= 0.05 THEN 100
      WHEN low_rate < 0.15 THEN 100 + (low_rate - 0.05::DOUBLE) * (70 - 100) / (0.15::DOUBLE - 0.05::DOUBLE)
      WHEN low_rate < 0.3 THEN 70 + (low_rate - 0.15::DOUBLE) * (30 - 70) / (0.3::DOUBLE - 0.15::DOUBLE)
      WHEN low_rate < 0.5 THEN 30 + (low_rate - 0.3::DOUBLE) * (0 - 30) / (0.5::DOUBLE - 0.3::DOUBLE) ELSE 0 END) AS review
  FROM rates),
fulfilled AS (
  SELECT *, rounded6((coalesce(40 * dispatch, 0) + coalesce(30 * delivery, 0) + coalesce(30 * cancellation, 0)) / nullif(
    CASE WHEN dispatch IS NULL THEN 0 ELSE 40 END + CASE WHEN delivery IS NULL THEN 0 ELSE 30 END + CASE WHEN cancellation IS NULL THEN 0 ELSE 30 END, 0)) AS fulfilment
  FROM points),
scored AS (
  SELECT *, rounded1((coalesce({fulfilment} * fulfilment, 0) + coalesce({reviews} * review, 0)) / nullif(
    CASE WHEN fulfilment IS NULL THEN 0 ELSE {fulfilment} END + CASE WHEN review IS NULL THEN 0 ELSE {reviews} END, 0)) AS overall
  FROM fulfilled)
SELECT seller_id, week_end, step, overall,
  CASE WHEN NOT (recent_orders >= 10 AND overall IS NOT NULL) THEN 4 WHEN overall >= {gold} THEN 0 WHEN overall >= {standard} THEN 1
    WHEN overall >= {watch} THEN 2 ELSE 3 END AS merited,
  coalesce(week_end + 1 - opened_on BETWEEN 0 AND 59, false) AS in_shield
FROM scored LEFT JOIN sellers USING (seller_id);

-- Movement, one week at a time. `demoted_to`: the best of the last {demote} merited tiers; `promoted_to`: the worst of the last 2.
CREATE OR REPLACE TEMP TABLE held_{version} AS
WITH RECURSIVE lagged AS (
  SELECT *, greatest(merited, coalesce(lag(merited) OVER seller, -1)) AS promoted_to,
    least(merited, coalesce(lag(merited, 1) OVER seller, 99), coalesce(lag(merited, {demote} - 1) OVER seller, 99)) AS demoted_to
  FROM merited_{version} WINDOW seller AS (PARTITION BY seller_id ORDER BY step)),
moved AS (
  SELECT seller_id, step, week_end, overall, merited,
    CASE WHEN in_shield AND merited IN (2, 3) THEN 1 ELSE merited END AS held, 0 AS better,
    CASE WHEN in_shield AND merited IN (2, 3) THEN 1 ELSE 0 END AS worse, in_shield AND merited IN (2, 3) AS shielded
  FROM lagged WHERE step = 1
  UNION ALL
  SELECT seller_id, step, week_end, overall, merited,
    CASE WHEN turned_away THEN 1 WHEN merited = 4 OR before = 4 THEN merited WHEN up = 2 THEN greatest(promoted_to, before - 1)
      WHEN down >= {demote} THEN greatest(demoted_to, before) ELSE before END,
    CASE WHEN turned_away OR up = 2 THEN 0 ELSE up END,
    CASE WHEN turned_away THEN down_before + 1 WHEN down >= {demote} AND greatest(demoted_to, before) > before THEN 0 ELSE down END, turned_away
  FROM (
    SELECT now.*, moved.held AS before, moved.worse AS down_before, in_shield AND now.merited IN (2, 3) AS turned_away,
      CASE WHEN now.merited <> 4 AND moved.held <> 4 AND now.merited < moved.held THEN moved.better + 1 ELSE 0 END AS up,
      CASE WHEN now.merited <> 4 AND moved.held <> 4 AND now.merited > moved.held THEN moved.worse + 1 ELSE 0 END AS down
    FROM moved JOIN lagged AS now ON now.seller_id = moved.seller_id AND now.step = moved.step + 1))
SELECT * FROM moved;
