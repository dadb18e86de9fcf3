"""Arms compared within strata, by statsmodels: writes strata-units.csv and strata.json beside it.

Of each metric the outcome (adjusted by its covariate, of a ratio linearised) is regressed on every cell of arm and stratum by itself; with HC2 the variance of a cell's
coefficient is s^2 / n, and a contrast of the cells weighted by the units of both arms is the post-stratified difference. Degrees of freedom by Satterthwaite over the cells.
pip install numpy pandas scipy statsmodels
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

HERE = Path(__file__).parent
LEVEL, LEAST = 0.95, 10

random = np.random.default_rng(5)
sizes = {"gold": 130, "silver": 210, "bronze": 320, "new": 18, "legacy": 16}
tier = random.permutation(np.repeat(list(sizes), list(sizes.values())))
units = len(tier)
arm = np.where(random.random(units) < 0.5, "control", "gentle")
level = pd.Series(tier).map({"gold": 90.0, "silver": 40.0, "bronze": 15.0, "new": 8.0, "legacy": 25.0}).to_numpy()
before = level * random.lognormal(0, 0.4, units)
gmv = (0.7 * before + level * random.lognormal(-1, 0.6, units) * np.where(arm == "gentle", 1.15, 1.0)).round(2)
orders = random.poisson(level / 3) + 1
orders_before = random.poisson(level / 3) + 1
rate = random.beta(2, 20, units)
pd.DataFrame(
    {
        "seller": [f"s{i}" for i in range(units)],
        "arm": arm,
        "tier": tier,
        "gmv": gmv,
        "before": before.round(2),
        "kept": (random.random(units) < 0.3 + level / 200).astype(int),
        "late": random.binomial(orders, rate),
        "orders": orders,
        "late_before": random.binomial(orders_before, rate),
        "orders_before": orders_before,
    }
).to_csv(HERE / "strata-units.csv", index=False)
read = pd.read_csv(HERE / "strata-units.csv")
arms = ["control", "gentle"]
counts = read.groupby(["tier", "arm"]).size().unstack()
small = counts.index[(counts < LEAST).any(axis=1)]
stratum = read["tier"].where(~read["tier"].isin(small), "others")
strata = sorted(stratum.unique())
weights = np.array([(stratum == name).mean() for name in strata])


def cells(outcome: pd.Series):
    """Means and HC2 covariances of the cells, the control's first."""
    cell = pd.Categorical(read["arm"] + "/" + stratum, [f"{a}/{s}" for a in arms for s in strata])
    fitted = sm.OLS(outcome.to_numpy(float), pd.get_dummies(cell).to_numpy(float)).fit(cov_type="HC2")
    return fitted.params, fitted.cov_params(), np.bincount(cell.codes)


def averages(outcome: pd.Series):
    """By arm the average over strata and its variance, with degrees of freedom."""
    means, covariance, n = cells(outcome)
    found = []
    for place in range(2):
        part = slice(place * len(strata), (place + 1) * len(strata))
        variances = weights**2 * np.diag(covariance)[part]
        found.append((weights @ means[part], variances.sum(), variances.sum() ** 2 / (variances**2 / (n[part] - 1)).sum()))
    return found


def told(arm_values) -> dict:
    (c, vc, dc), (t, vt, dt) = arm_values
    error = np.sqrt(vc + vt)
    degrees = (vc + vt) ** 2 / (vc**2 / dc + vt**2 / dt)
    reach = stats.t.ppf((1 + LEVEL) / 2, degrees) * error
    return {
        "control": c,
        "treatment": t,
        "difference": t - c,
        "standardError": error,
        "lower": t - c - reach,
        "upper": t - c + reach,
        "p": 2 * stats.t.sf(abs(t - c) / error, degrees),
        "degrees": degrees,
    }


def average(column: pd.Series, place: int) -> float:
    return averages(column)[place][0]


def within(a: pd.Series, b: pd.Series) -> float:
    """Covariance within arms and strata: of the averages, times n (n - 1) an arm."""
    total = 0.0
    for name in arms:
        inside = read["arm"] == name
        n = inside.sum()
        for weight, one in zip(weights, strata):
            cell = inside & (stratum == one)
            total += (n - 1) * n * weight**2 * np.cov(a[cell], b[cell])[0, 1] / cell.sum()
    return total


def by_covariate(outcome: pd.Series, covariate: pd.Series, centre: float) -> dict:
    theta = within(outcome, covariate) / within(covariate, covariate)
    return told(averages(outcome - theta * (covariate - centre))) | {"theta": theta}


def linear(numerators: str, denominators: str):
    """A ratio's units as (numerator - ratio x denominator) / mean denominator, each arm about its own, plus the arm's ratio."""
    found = pd.Series(0.0, index=read.index)
    for place, name in enumerate(arms):
        top, bottom = average(read[numerators], place), average(read[denominators], place)
        inside = read["arm"] == name
        found[inside] = ((read[numerators] - top / bottom * read[denominators]) / bottom + top / bottom)[inside]
    return found


covariate_centre = float(np.mean(read["before"]))
answers = {
    "strata": strata,
    "plain": told(averages(read["gmv"])),
    "adjusted": by_covariate(read["gmv"], read["before"], covariate_centre),
    "kept": told(averages(read["kept"])),
    "late": told(averages(linear("late", "orders"))),
}
(HERE / "strata.json").write_text(json.dumps(answers, indent=1) + "\n")
