"""Metrics within windows, by pandas, SciPy and statsmodels: writes window-rows.csv and windows.json beside it.

Rows are sparse: a unit has one only on days on which it did something. Some are from before exposure or after the plan's end, some units
have no day of exposure (their first row stands for it), one was exposed before the plan began. pip install scipy pandas statsmodels
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest

HERE = Path(__file__).parent
START, DAYS = pd.Timestamp("2025-03-03"), 28
random = np.random.default_rng(20250303)


def rows_of(unit: int) -> list[dict]:
    arm = "gentle" if unit % 2 else "control"
    exposed = START + pd.Timedelta(days=int(random.integers(0, 26)))
    if unit == 7:
        exposed = START - pd.Timedelta(days=3)
    is_stated = unit % 10 != 0
    rate = 0.16 + 0.06 * (arm == "gentle")
    days = [exposed + pd.Timedelta(days=d) for d in range(-2 if is_stated else 0, 32)]
    kept = [day for day in days if random.random() < rate] or [exposed]
    rows = []
    for day in kept:
        orders = int(random.integers(0, 4))
        rows.append(
            {
                "unit": f"u{unit:03d}",
                "arm": arm,
                "day": day.date().isoformat(),
                "exposed": exposed.date().isoformat() if is_stated else "",
                "orders": orders,
                "late": int(random.integers(0, orders + 1)),
                "gmv": "" if random.random() < 0.1 else f"{float(np.exp(random.normal(2, 1))):.2f}",
            }
        )
    return rows


table = pd.DataFrame([row for unit in range(120) for row in rows_of(unit)]).sample(frac=1, random_state=3)
table.to_csv(HERE / "window-rows.csv", index=False)

read = pd.read_csv(HERE / "window-rows.csv", parse_dates=["day", "exposed"])
used = read[(read.day >= START) & (read.day < START + pd.Timedelta(days=DAYS)) & ~(read.day < read.exposed)].copy()
first = used.assign(at=used.exposed.fillna(used.day)).groupby("unit").at.min()
units = pd.DataFrame({"arm": used.groupby("unit").arm.first(), "first": first})
last = used.day.max()


def within(start: int, days: int, column: str, missing_is_zero: bool = True) -> pd.Series:
    """By unit the sum over its window; absent for units whose window is not over."""
    age = (used.day - used.unit.map(first)).dt.days
    inside = used[(age >= start) & (age < start + days)]
    sums = inside.groupby("unit")[column].sum(min_count=1)
    over = units.index[(units["first"] + pd.Timedelta(days=start + days - 1) <= last) & (units["first"] + pd.Timedelta(days=start) >= START)]
    values = sums.reindex(over)
    return values.fillna(0) if missing_is_zero else values.dropna()


def split(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    arm = units.arm.reindex(values.index)
    return values[arm == "control"].to_numpy(float), values[arm == "gentle"].to_numpy(float)


def told(values: tuple[np.ndarray, np.ndarray], p: float, lower: float | None = None, upper: float | None = None) -> dict:
    c, t = values
    return {"units": [len(c), len(t)], "values": [float(c.mean()), float(t.mean())], "p": float(p), "lower": lower, "upper": upper}


def mean(values: pd.Series) -> dict:
    c, t = split(values)
    found = stats.ttest_ind(t, c, equal_var=False)
    interval = found.confidence_interval(0.95)
    return told((c, t), found.pvalue, float(interval.low), float(interval.high))


def share(values: pd.Series) -> dict:
    c, t = split((values > 0).astype(float))
    return told((c, t), proportions_ztest([t.sum(), c.sum()], [len(t), len(c)])[1])


def ratio(over: pd.Series, under: pd.Series) -> dict:
    sides = [split(over)[arm].sum() / split(under)[arm].sum() for arm in (0, 1)]
    errors, sizes = [], []
    for arm in (0, 1):
        a, b = split(over)[arm], split(under)[arm]
        errors.append((a - sides[arm] * b).var(ddof=1) / len(a) / b.mean() ** 2)
        sizes.append(len(a))
    # Student's t at the degrees of freedom of Welch and Satterthwaite.
    freedom = sum(errors) ** 2 / sum(e**2 / (n - 1) for e, n in zip(errors, sizes))
    t = (sides[1] - sides[0]) / np.sqrt(sum(errors))
    return {"units": [len(part) for part in split(over)], "values": sides, "p": float(2 * stats.t.sf(abs(t), freedom))}


answers = {
    "orders": mean(used.groupby("unit").orders.sum()),
    "orders_7": mean(within(0, 7, "orders")),
    "active_7": share(within(0, 7, "orders")),
    "kept_day_7": share(within(7, 1, "orders")),
    "late_14": ratio(within(0, 14, "late"), within(0, 14, "orders")),
    "sales_7": mean(within(0, 7, "gmv", missing_is_zero=False)),
    "open": {
        f"{start}+{days}": [
            int(((units.arm == arm) & ~units.index.isin(within(start, days, "orders").index)).sum()) for arm in ("control", "gentle")
        ]
        for start, days in ((0, 7), (7, 1), (0, 14))
    },
}
(HERE / "windows.json").write_text(json.dumps(answers, indent=1) + "\n")
