-- Error rates with Wilson intervals and worst-case bounds, from `labelled` (made by figures.sql). One row a policy.
-- Bounds: an unlabelled entity that is not adverse, if fine, only lengthens the denominator; one that is adverse, if fine, adds to both.
WITH counts AS (
  SELECT version, count(*) FILTER (WHERE fine AND adverse) AS fine_adverse, count(*) FILTER (WHERE fine) AS fine,
    count(*) FILTER (WHERE known AND adverse) AS known_adverse, count(*) FILTER (WHERE known AND NOT fine) AS harmful,
    count(*) FILTER (WHERE known AND NOT fine AND NOT adverse) AS missed,
    count(*) FILTER (WHERE NOT known AND adverse) AS dark_adverse, count(*) FILTER (WHERE NOT known AND NOT adverse) AS dark_free
  FROM (SELECT 'baseline' AS version, fine, known, b_adverse AS adverse FROM labelled UNION ALL SELECT 'candidate', fine, known, c_adverse FROM labelled)
  GROUP BY version),
rates AS (
  SELECT version, 'false-positive-rate' AS name, fine_adverse::DOUBLE AS x, fine::DOUBLE AS n, fine_adverse / (fine + dark_free) AS lower_bound,
    (fine_adverse + dark_adverse) / (fine + dark_adverse) AS upper_bound FROM counts
  UNION ALL SELECT version, 'false-share', fine_adverse, known_adverse, fine_adverse / (known_adverse + dark_adverse), (fine_adverse + dark_adverse) / (known_adverse + dark_adverse) FROM counts
  UNION ALL SELECT version, 'miss-rate', missed, harmful, missed / (harmful + dark_adverse), (missed + dark_free) / (harmful + dark_free) FROM counts),
centred AS (SELECT *, 1.959963984540054::DOUBLE AS z FROM rates)
SELECT version, name, x / n AS value, (x + z * z / 2 - z * sqrt(x * (n - x) / n + z * z / 4)) / (n + z * z) AS lower,
  (x + z * z / 2 + z * sqrt(x * (n - x) / n + z * z / 4)) / (n + z * z) AS upper, lower_bound, upper_bound
FROM centred ORDER BY version, name
