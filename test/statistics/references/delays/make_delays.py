"""Writes delays.json beside this file: delays of facts that become known late. statsmodels 0.15, SciPy 1.17; running the tests does not need them.

python make_delays.py

Turned round in time, a delay that is at most its window is a survival time that enters late: statsmodels' product-limit estimate with entry gives the
share known by a day, and Greenwood's formula its error on the log scale; SciPy's negative binomial the facts still to come.
"""
import json

import numpy as np
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight


def case(seed, facts, days, mean):
    random = np.random.default_rng(seed)
    window = random.integers(0, days, facts * 3)
    delay = random.geometric(1 / mean, facts * 3) - 1
    seen = (delay <= window)
    window, delay = window[seen][:facts], delay[seen][:facts]
    # Half a day earlier: who enters on a day is there on it.
    curve = SurvfuncRight(days - delay, np.ones(len(delay)), entry=days - window - 0.5)
    shares, errors = [], []
    for day in range(days):
        before = curve.surv_times <= days - day - 1
        share = curve.surv_prob[before][-1] if before.any() else 1.0
        shares.append(float(share))
        errors.append(float((curve.surv_prob_se[before][-1] / share) ** 2) if before.any() and share > 0 else (0.0 if share > 0 else None))
    expected = []
    for known, day in ((0, 2), (1, 3), (7, 1), (25, 4), (140, days // 2)):
        share, spread = shares[day], errors[day]
        if share == 0 or spread is None:
            continue
        rest = known / share - known
        factor = np.exp(stats.norm.ppf(0.975) * np.sqrt(spread))
        least = stats.nbinom.ppf(0.025, known, share) if known > 0 else 0
        most = stats.nbinom.ppf(0.975, known + 1, share)
        lower = rest - np.hypot(rest - min(rest, least), rest - (known / min(1, share * factor) - known))
        upper = rest + np.hypot(max(rest, most) - rest, known * factor / share - known - rest)
        expected.append([known, day, known + rest, known + np.floor(max(0, lower) + 1e-9), known + np.ceil(upper - 1e-9)])
    count = lambda values: np.bincount(values, minlength=days).tolist()
    return {"delays": count(delay), "windows": count(window), "shares": shares, "logVariances": errors, "expected": expected}


cases = [case(1, 60, 12, 3), case(2, 400, 30, 8), case(3, 25, 9, 5)]
with open("delays.json", "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(one) for one in cases) + "\n]\n")
