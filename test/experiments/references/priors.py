"""Posteriors under stated normal priors with a mean, by GrowthBook's own package: writes priors.json beside it.

The control against `firm` of pair-units.csv (pairs.py): a mean and a ratio, priors as lifts and in the metric's unit. pip install gbstats==0.8.0 pandas scipy
"""

import json
from pathlib import Path

import pandas as pd
from gbstats.bayesian.tests import EffectBayesianABTest, EffectBayesianConfig, GaussianPrior
from gbstats.models.statistics import RatioStatistic, SampleMeanStatistic

HERE = Path(__file__).parent
units = pd.read_csv(HERE / "pair-units.csv")


def moments(values):
    return SampleMeanStatistic(n=len(values), sum=values.sum(), sum_squares=(values**2).sum())


def sales(rows):
    return moments(rows.sales)


def late(rows):
    return RatioStatistic(
        n=len(rows), m_statistic=moments(rows.late), d_statistic=moments(rows.orders), m_d_sum_of_products=(rows.late * rows.orders).sum()
    )


CASES = [
    ("sales", "absolute", 0.3, 0.5),
    ("sales", "absolute", -1.0, 0.4),
    ("sales", "relative", 0.02, 0.05),
    ("sales", "relative", -0.01, 0.01),
    ("late", "absolute", -0.005, 0.01),
    ("late", "relative", 0.1, 0.08),
]
answers = []
for metric, scale, mean, deviation in CASES:
    of = {"sales": sales, "late": late}[metric]
    told = EffectBayesianABTest(
        of(units[units.arm == "control"]),
        of(units[units.arm == "firm"]),
        EffectBayesianConfig(
            difference_type=scale, prior_type=scale, inverse=metric == "late", prior_effect=GaussianPrior(mean, deviation**2, True)
        ),
    ).compute_result()
    answers.append({
        "metric": metric,
        "scale": scale,
        "mean": mean,
        "standardDeviation": deviation,
        "value": told.expected,
        "lower": told.ci[0],
        "upper": told.ci[1],
        "standardError": told.uplift.stddev,
        "chanceBetter": told.chance_to_win,
        "expectedLoss": told.risk[1],
    })
(HERE / "priors.json").write_text(json.dumps(answers, indent=2) + "\n")
