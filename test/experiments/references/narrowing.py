"""How much narrower strata and covariates make an interval, by pandas and by drawing: writes narrowing.json beside it.

The units of strata-units.csv stand for the past, 400 of them are planned in two equal arms. The variance of an arm's mean that is averaged over strata by the units of both arms
is sum of w S^2 / n + (1 - 1/2) sum of (1 - w) S^2 / n^2; drawn: the spread of the difference over experiments whose units are drawn with replacement.
pip install numpy pandas
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
PLANNED, LEAST, DRAWS = 400, 10, 40_000

read = pd.read_csv(HERE / "strata-units.csv")
arm = PLANNED / 2
counts = read["tier"].value_counts()
small = list(counts.index[counts < LEAST * len(read) / arm])
# Too few together still: the next smallest goes with them.
while small and counts[small].sum() < LEAST * len(read) / arm:
    small.append(counts.drop(small).idxmin())
stratum = read["tier"].where(~read["tier"].isin(small), "others")
codes = stratum.astype("category").cat.codes.to_numpy()
weights = np.bincount(codes) / len(codes)


def linear(top: str, bottom: str) -> pd.Series:
    ratio = read[top].sum() / read[bottom].sum()
    return (read[top] - ratio * read[bottom]) / read[bottom].mean()


def within(a: pd.Series, b: pd.Series) -> np.ndarray:
    return np.array([np.cov(a[codes == code], b[codes == code])[0, 1] for code in range(len(weights))])


def told(outcome: pd.Series, covariate: pd.Series | None = None) -> dict:
    whole = outcome.var()
    theta = 0.0 if covariate is None else np.cov(outcome, covariate)[0, 1] / covariate.var()
    known = 0 if covariate is None else covariate
    covariates = 1 - np.sqrt((outcome - theta * known).var() / whole)
    inner = 0.0 if covariate is None else (weights @ within(outcome, covariate)) / (weights @ within(covariate, covariate))
    left = outcome - inner * known
    spread = within(left, left)
    variance = weights @ spread / arm + 0.5 * (1 - weights) @ spread / arm**2
    both = 1 - np.sqrt(variance / (whole / arm))
    return {"covariates": covariates, "narrower": 1 - (1 - both) / (1 - covariates), "drawn": drawn(outcome - theta * known, left)}


def drawn(plain: pd.Series, left: pd.Series) -> float:
    random = np.random.default_rng(11)
    picked = random.integers(len(read), size=(DRAWS, PLANNED))
    half = picked.shape[1] // 2
    plains = plain.to_numpy()[picked]
    lefts, own = left.to_numpy()[picked], codes[picked]
    difference = plains[:, half:].mean(axis=1) - plains[:, :half].mean(axis=1)
    stratified = np.zeros(DRAWS)
    for code in range(len(weights)):
        inside = own == code
        both = inside.sum(axis=1) / PLANNED
        for side, sign in ((slice(0, half), -1), (slice(half, None), 1)):
            part = inside[:, side]
            stratified += sign * both * (lefts[:, side] * part).sum(axis=1) / part.sum(axis=1)
    return 1 - stratified.std() / difference.std()


answers = {
    "strata": len(weights),
    "plain": told(read["gmv"]),
    "adjusted": told(read["gmv"], read["before"]),
    "kept": told(read["kept"].astype(float)),
    "late": told(linear("late", "orders"), linear("late_before", "orders_before")),
}
(HERE / "narrowing.json").write_text(json.dumps(answers, indent=1) + "\n")
