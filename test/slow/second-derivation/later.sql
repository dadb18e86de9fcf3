-- What comes of who stands where, derived again: early warning without its model, harm reached earlier, and the counted parts of the explained change.
-- Reads paired, labelled and held_VERSION. Placeholders: the two versions, the range, the date of the error table, the horizon in weeks, and by side the first
-- date that had a model. One row a number: figure, key, value.
WITH sides AS (
  SELECT 'baseline' AS version, seller_id, week_end, b IN (2, 3) AS adverse FROM paired
  UNION ALL SELECT 'candidate', seller_id, week_end, c IN (2, 3) FROM paired),
followed AS (
  SELECT *, bool_or(adverse) OVER next AS hit, max(week_end) OVER (PARTITION BY version, seller_id) AS last,
    min(CASE WHEN adverse THEN week_end END) OVER next AS entry
  FROM sides WINDOW next AS (PARTITION BY version, seller_id ORDER BY week_end ROWS BETWEEN 1 FOLLOWING AND {weeks} FOLLOWING)),
fates AS (
  SELECT *, CASE WHEN week_end + 7 * {weeks} > DATE '{to}' THEN 'open' WHEN hit THEN 'hit' WHEN last < week_end + 7 * {weeks} THEN 'exit' ELSE 'none' END AS fate,
    week_end >= CASE version WHEN 'baseline' THEN DATE '{modelled_baseline}' ELSE DATE '{modelled_candidate}' END AS modelled
  FROM followed WHERE NOT adverse),
parted AS (
  SELECT seller_id, CASE WHEN c_adverse THEN 'newly' ELSE 'released' END AS side, known, fine FROM labelled WHERE b_adverse <> c_adverse),
until AS (
  SELECT seller_id, side, min(week_end) FILTER (CASE side WHEN 'newly' THEN b ELSE c END IN (2, 3)) AS other
  FROM parted JOIN paired USING (seller_id) WHERE week_end > DATE '{date}' GROUP BY ALL),
harmed AS (
  SELECT parted.seller_id, side, (other - DATE '{date}') // 7 AS lead,
    coalesce((SELECT sum(orders) FROM panel AS p WHERE p.seller_id = parted.seller_id AND p.week_end > DATE '{date}' AND p.week_end <= least(DATE '{date}' + 28, coalesce(other, DATE '{date}' + 28))), 0) AS orders,
    coalesce((SELECT sum(gmv * 100)::BIGINT FROM panel AS p WHERE p.seller_id = parted.seller_id AND p.week_end > DATE '{date}' AND p.week_end <= least(DATE '{date}' + 28, coalesce(other, DATE '{date}' + 28))), 0) AS gmv
  FROM parted LEFT JOIN until USING (seller_id, side) WHERE known AND NOT fine),
ends AS (
  SELECT one.seller_id IS NOT NULL AS was_there, two.seller_id IS NOT NULL AS is_there, coalesce(one.b IN (2, 3), FALSE) AS was_adverse, coalesce(two.c IN (2, 3), FALSE) AS is_adverse
  FROM (FROM paired WHERE week_end = '{from}') AS one FULL JOIN (FROM paired WHERE week_end = '{to}') AS two USING (seller_id))
SELECT 'eligible' AS figure, version AS key, count(*)::BIGINT AS value FROM fates GROUP BY ALL
UNION ALL SELECT 'measured', version, count(*) FILTER (modelled AND fate IN ('hit', 'none')) FROM fates GROUP BY ALL
UNION ALL SELECT 'open', version, count(*) FILTER (modelled AND fate = 'open') FROM fates GROUP BY ALL
UNION ALL SELECT 'exits', version, count(*) FILTER (modelled AND fate = 'exit') FROM fates GROUP BY ALL
UNION ALL SELECT 'hits', version, count(*) FILTER (modelled AND fate = 'hit') FROM fates GROUP BY ALL
UNION ALL SELECT 'entries', version, count(DISTINCT (seller_id, entry)) FILTER (modelled AND fate = 'hit') FROM fates GROUP BY ALL
UNION ALL SELECT 'harm entities', side, count(*) FROM parted GROUP BY ALL
UNION ALL SELECT 'harm harmful', side, count(*) FILTER (known AND NOT fine) FROM parted GROUP BY ALL
UNION ALL SELECT 'harm fine', side, count(*) FILTER (fine) FROM parted GROUP BY ALL
UNION ALL SELECT 'harm orders', side, sum(orders)::BIGINT FROM harmed GROUP BY ALL
UNION ALL SELECT 'harm gmv', side, sum(gmv)::BIGINT FROM harmed GROUP BY ALL
UNION ALL SELECT 'harm never', side, count(*) FILTER (lead IS NULL) FROM harmed GROUP BY ALL
UNION ALL SELECT 'both', '', count(*) FILTER (was_there AND is_there) FROM ends
UNION ALL SELECT 'both adverse before', '', count(*) FILTER (was_there AND is_there AND was_adverse) FROM ends
UNION ALL SELECT 'both adverse after', '', count(*) FILTER (was_there AND is_there AND is_adverse) FROM ends
UNION ALL SELECT 'entrants', '', count(*) FILTER (is_there AND NOT was_there) FROM ends
UNION ALL SELECT 'entrants adverse', '', count(*) FILTER (is_there AND NOT was_there AND is_adverse) FROM ends
UNION ALL SELECT 'leavers', '', count(*) FILTER (was_there AND NOT is_there) FROM ends
UNION ALL SELECT 'leavers adverse', '', count(*) FILTER (was_there AND NOT is_there AND was_adverse) FROM ends
