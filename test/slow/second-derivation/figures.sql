-- Every figure of one comparison, derived again from the held tables of both. One row a number: figure, key, value.
-- Placeholders: the two versions, the range, and the date of the error table.
CREATE OR REPLACE TEMP TABLE paired AS
SELECT seller_id, week_end, b.held AS b, c.held AS c, b.shielded AS b_shielded, c.shielded AS c_shielded, gmv_cents, orders
FROM held_{baseline} AS b JOIN held_{candidate} AS c USING (seller_id, week_end)
JOIN (SELECT seller_id, week_end, (gmv * 100)::BIGINT AS gmv_cents, orders FROM panel) USING (seller_id, week_end)
WHERE week_end BETWEEN '{from}' AND '{to}';

CREATE OR REPLACE TEMP TABLE at_end AS
SELECT seller_id, b, c, (SELECT sum(gmv * 100)::BIGINT FROM panel AS p WHERE p.seller_id = paired.seller_id AND p.week_end > DATE '{to}' - 28 AND p.week_end <= '{to}') AS gmv_cents,
  (SELECT sum(orders) FROM panel AS p WHERE p.seller_id = paired.seller_id AND p.week_end > DATE '{to}' - 84 AND p.week_end <= '{to}') AS orders
FROM paired WHERE week_end = '{to}';

CREATE OR REPLACE TEMP TABLE labelled AS
SELECT paired.seller_id, b, c, b IN (2, 3) AS b_adverse, c IN (2, 3) AS c_adverse, outcome = 'fine' AS fine, outcome IS NOT NULL AS known
FROM paired LEFT JOIN outcomes ON outcomes.seller_id = paired.seller_id AND about = week_end
WHERE week_end = '{date}';

WITH names AS (SELECT * FROM (VALUES (0, 'gold'), (1, 'standard'), (2, 'watch'), (3, 'restricted'), (4, 'unrated')) AS n(code, tier)),
changes AS (
  SELECT version, seller_id, week_end, before, held, before < 4 AND held < 4 AND held > before AND week_end > DATE '{to}' - 84 AS fell, list(held) OVER (PARTITION BY version, seller_id ORDER BY week_end ROWS BETWEEN 1 FOLLOWING AND 8 FOLLOWING) AS next
  FROM (SELECT *, lag(held) OVER (PARTITION BY version, seller_id ORDER BY week_end) AS before
    FROM (SELECT 'baseline' AS version, seller_id, week_end, b AS held FROM paired UNION ALL SELECT 'candidate', seller_id, week_end, c FROM paired))),
diverged AS (SELECT seller_id, min(week_end) AS first FROM paired WHERE b <> c GROUP BY seller_id),
groups AS (
  SELECT 'region' AS segment, coalesce(region, 'missing') AS value, at_end.* FROM at_end LEFT JOIN sellers USING (seller_id)
  UNION ALL SELECT 'category', coalesce(category, 'missing'), at_end.* FROM at_end LEFT JOIN sellers USING (seller_id)
  UNION ALL SELECT 'size', CASE WHEN orders < 30 THEN '0' WHEN orders < 120 THEN '30' WHEN orders < 600 THEN '120' ELSE '600' END, * FROM at_end),
labelled_groups AS (
  SELECT 'region' AS segment, coalesce(region, 'missing') AS value, labelled.* FROM labelled LEFT JOIN sellers USING (seller_id)
  UNION ALL SELECT 'category', coalesce(category, 'missing'), labelled.* FROM labelled LEFT JOIN sellers USING (seller_id)
  UNION ALL SELECT 'size', CASE WHEN sum(orders) < 30 THEN '0' WHEN sum(orders) < 120 THEN '30' WHEN sum(orders) < 600 THEN '120' ELSE '600' END, any_value(COLUMNS(labelled.*))
    FROM labelled JOIN panel USING (seller_id) WHERE panel.week_end > DATE '{date}' - 84 AND panel.week_end <= '{date}' GROUP BY seller_id)
SELECT 'distribution entities' AS figure, week_end::VARCHAR || ' ' || tier AS key, count(*)::BIGINT AS value FROM paired JOIN names ON code = c GROUP BY ALL
UNION ALL SELECT 'distribution gmv', week_end::VARCHAR || ' ' || tier, sum(gmv_cents)::BIGINT FROM paired JOIN names ON code = c GROUP BY ALL
UNION ALL SELECT 'matrix', n1.tier || ' ' || n2.tier, count(*) FROM at_end JOIN names AS n1 ON n1.code = b JOIN names AS n2 ON n2.code = c GROUP BY ALL
UNION ALL SELECT 'movers', '', count(*) FILTER (WHERE b <> c) FROM at_end
UNION ALL SELECT 'up', '', count(*) FILTER (WHERE c < b AND b <> 4) FROM at_end
UNION ALL SELECT 'down', '', count(*) FILTER (WHERE c > b AND c <> 4) FROM at_end
UNION ALL SELECT 'into unrated', '', count(*) FILTER (WHERE b <> 4 AND c = 4) FROM at_end
UNION ALL SELECT 'out of unrated', '', count(*) FILTER (WHERE b = 4 AND c <> 4) FROM at_end
UNION ALL SELECT 'in frame', '', count(*) FROM at_end
UNION ALL SELECT 'newly adverse', '', count(*) FILTER (WHERE b NOT IN (2, 3) AND c IN (2, 3)) FROM at_end
UNION ALL SELECT 'released', '', count(*) FILTER (WHERE b IN (2, 3) AND c NOT IN (2, 3)) FROM at_end
UNION ALL SELECT 'range entities', '', count(DISTINCT seller_id) FROM paired
UNION ALL SELECT 'range entity-periods', '', count(*) FROM paired
UNION ALL SELECT 'ever differed', '', count(*) FROM diverged
UNION ALL SELECT 'differing entity-periods', '', count(*) FILTER (WHERE b <> c) FROM paired
UNION ALL SELECT 'after first divergence', '', count(*) FROM paired JOIN diverged USING (seller_id) WHERE week_end > first
UNION ALL SELECT 'changes', version, count(*) FROM changes WHERE before < 4 AND held < 4 AND before <> held GROUP BY ALL
UNION ALL SELECT 'whiplash', version, count(*) FILTER (WHERE len(list_filter(next, x -> x < 4 AND CASE WHEN held > before THEN x <= before ELSE x >= before END)) > 0)
  FROM changes WHERE before < 4 AND held < 4 AND before <> held GROUP BY ALL
UNION ALL SELECT 'ever adverse', version, count(DISTINCT seller_id) FROM changes WHERE held IN (2, 3) GROUP BY ALL
UNION ALL SELECT 'gmv total', '', sum(gmv_cents)::BIGINT FROM at_end
UNION ALL SELECT 'gmv at stake', '', coalesce(sum(gmv_cents) FILTER (WHERE b <> c), 0)::BIGINT FROM at_end
UNION ALL SELECT 'gmv lower', '', coalesce(sum(gmv_cents) FILTER (WHERE c > b AND c <> 4), 0)::BIGINT FROM at_end
UNION ALL SELECT 'gmv higher', '', coalesce(sum(gmv_cents) FILTER (WHERE c < b AND b <> 4), 0)::BIGINT FROM at_end
UNION ALL SELECT 'gmv by tier baseline', tier, sum(gmv_cents)::BIGINT FROM at_end JOIN names ON code = b GROUP BY ALL
UNION ALL SELECT 'gmv by tier candidate', tier, sum(gmv_cents)::BIGINT FROM at_end JOIN names ON code = c GROUP BY ALL
UNION ALL SELECT 'segment entities', segment || ' ' || value, count(*) FROM groups GROUP BY ALL
UNION ALL SELECT 'segment movers', segment || ' ' || value, count(*) FILTER (WHERE b <> c) FROM groups GROUP BY ALL
UNION ALL SELECT 'segment gmv', segment || ' ' || value, sum(gmv_cents)::BIGINT FROM groups GROUP BY ALL
UNION ALL SELECT 'segment newly adverse', segment || ' ' || value, count(*) FILTER (WHERE b NOT IN (2, 3) AND c IN (2, 3)) FROM groups GROUP BY ALL
UNION ALL SELECT 'labels in frame', '', count(*) FROM labelled
UNION ALL SELECT 'labels known', '', count(*) FILTER (WHERE known) FROM labelled
UNION ALL SELECT 'labels fine', '', count(*) FILTER (WHERE fine) FROM labelled
UNION ALL SELECT 'false-positive-rate', 'baseline', count(*) FILTER (WHERE fine AND b_adverse) FROM labelled
UNION ALL SELECT 'false-positive-rate', 'candidate', count(*) FILTER (WHERE fine AND c_adverse) FROM labelled
UNION ALL SELECT 'false-share denominator', 'baseline', count(*) FILTER (WHERE known AND b_adverse) FROM labelled
UNION ALL SELECT 'false-share denominator', 'candidate', count(*) FILTER (WHERE known AND c_adverse) FROM labelled
UNION ALL SELECT 'miss-rate', 'baseline', count(*) FILTER (WHERE known AND NOT fine AND NOT b_adverse) FROM labelled
UNION ALL SELECT 'miss-rate', 'candidate', count(*) FILTER (WHERE known AND NOT fine AND NOT c_adverse) FROM labelled
UNION ALL SELECT 'coverage newly', 'entities', count(*) FILTER (WHERE c_adverse AND NOT b_adverse) FROM labelled
UNION ALL SELECT 'coverage newly', 'labelled', count(*) FILTER (WHERE c_adverse AND NOT b_adverse AND known) FROM labelled
UNION ALL SELECT 'coverage released', 'entities', count(*) FILTER (WHERE b_adverse AND NOT c_adverse) FROM labelled
UNION ALL SELECT 'coverage both', 'entities', count(*) FILTER (WHERE b_adverse AND c_adverse) FROM labelled
UNION ALL SELECT 'group ' || figure, segment || ' ' || value, count(*) FILTER (WHERE held) FROM (
  UNPIVOT (SELECT segment, value, c < b AND b <> 4 AS up, c > b AND c <> 4 AS down, c IN (2, 3) AND b NOT IN (2, 3) AS newly, b IN (2, 3) AND c NOT IN (2, 3) AS released, b IN (2, 3) AS "adverse baseline", c IN (2, 3) AS "adverse candidate",
      seller_id IN (SELECT seller_id FROM changes WHERE version = 'baseline' AND fell) AS "demoted baseline", seller_id IN (SELECT seller_id FROM changes WHERE version = 'candidate' AND fell) AS "demoted candidate" FROM groups)
  ON up, down, newly, released, "adverse baseline", "adverse candidate", "demoted baseline", "demoted candidate" INTO NAME figure VALUE held) GROUP BY ALL
UNION ALL SELECT 'group ' || figure, segment || ' ' || value, count(*) FILTER (WHERE held) FROM (
  UNPIVOT (SELECT segment, value, coalesce(fine, FALSE) AS fine, known AND NOT fine AS harmful, NOT known AS unlabelled, coalesce(fine AND b_adverse, FALSE) AS "fine baseline", coalesce(fine AND c_adverse, FALSE) AS "fine candidate",
      known AND NOT fine AND b_adverse AS "harmful baseline", known AND NOT fine AND c_adverse AS "harmful candidate" FROM labelled_groups)
  ON fine, harmful, unlabelled, "fine baseline", "fine candidate", "harmful baseline", "harmful candidate" INTO NAME figure VALUE held) GROUP BY ALL
