"""Writes layers.json beside this file: caps, traffic and near sellers together, seller by seller, by another road. Needs NumPy; running the tests does not.

python layers.py

What a cap removes is found by trying every way in which a week's orders can lie over its days (a programme over days), not by a closed form; the
scenario is written out for each seller, not for groups; Python's whole numbers round.
"""
import json
from functools import cache

import numpy as np

SELLERS = 90
CAP = {"r": 5, "w": 9}
TRAFFIC = {"g": 1.2, "s": 1.0, "w": 0.8, "r": 0.5}
FEE = {"g": (8, 100), "s": (10, 100), "w": (12, 100), "r": (14, 100)}
MEANS = {"elasticity": 0.7, "displacement": 0.45, "spread": 0.25}

index = np.arange(SELLERS)
orders = (index * 31) % 97
gmv = np.where(orders > 0, 1000 + (index * index * 7919) % 100_003, 0)
tiers = [["gswr"[(i * 5 + i // 7) % 4], "gswr"[(i * 3 + i // 5) % 4], "gs"[i % 2]] for i in index]


@cache
def removed(count, cap):
    """Fewest and most orders above `cap` a day of `count` in seven days."""
    over = np.maximum(0, np.arange(count + 1) - cap)
    least = np.full(count + 1, 10**9)
    most = np.full(count + 1, -1)
    least[0] = most[0] = 0
    for _ in range(7):
        less, more = np.full(count + 1, 10**9), np.full(count + 1, -1)
        for day in range(count + 1):
            less[day:] = np.minimum(less[day:], least[: count + 1 - day] + over[day])
            reached = most[: count + 1 - day]
            more[day:] = np.maximum(more[day:], np.where(reached < 0, -1, reached + over[day]))
        least, most = less, more
    return int(least[count]), int(most[count])


def share(amount, part, whole):
    return 0 if part == 0 else (2 * int(amount) * part + whole) // (2 * whole)


def by_caps(side):
    ranges = [removed(int(orders[i]), CAP[tiers[i][side]]) if tiers[i][side] in CAP else (0, 0) for i in index]
    return [np.array([share(gmv[i], ranges[i][end], max(1, int(orders[i]))) for i in index], dtype=float) for end in (0, 1)]


def sales(side, held, traffic=True, total=True, displaced=True):
    own = np.array([TRAFFIC[tiers[i][side]] for i in index])
    really = np.array([TRAFFIC[tiers[i][2]] for i in index])
    fewest, most = by_caps(side)
    left = gmv - (fewest + MEANS["spread"] * (most - fewest))
    scale = gmv.sum() / (gmv / really * own).sum() if held and total else 1.0
    power = (scale * own / really) ** (MEANS["elasticity"] if traffic else 0)
    made = left * power
    lost = ((gmv - left) * power).sum() + (0 if held else np.maximum(0, left * (1 - power)).sum())
    takes = np.array([tiers[i][side] not in CAP for i in index]) & (own >= really)
    moved = MEANS["displacement"] * lost if displaced else 0
    made = made * np.where(takes, 1 + moved / made[takes].sum(), 1)
    fee = np.array([FEE[tiers[i][side]][0] / FEE[tiers[i][side]][1] for i in index])
    return made, made * fee


def step(held, **on):
    before, after = sales(0, held, **on)[0].sum(), sales(1, held, **on)[0].sum()
    change = after - before
    return int(np.sign(change) * np.floor(abs(change) + 0.5))


def case(held):
    totals = [
        step(held, traffic=False, total=False, displaced=False),
        step(held, total=False, displaced=False),
        step(held, displaced=False),
        step(held),
    ]
    (before, paid), (after, pays) = sales(0, held), sales(1, held)
    noticed = np.abs(after - before) >= np.maximum(0.5, 0.01 * np.maximum(before, after))
    return {
        "totalTraffic": "held" if held else "free",
        "steps": [totals[0], *np.diff(totals).tolist()],
        "revenue": (pays - paid).sum(),
        "winners": int((noticed & (after > before)).sum()),
        "losers": int((noticed & (after < before)).sum()),
    }


ends = [[int(-column.sum()) for column in by_caps(side)] for side in (0, 1)]
with open("layers.json", "w") as file:
    found = {"madeWith": f"NumPy {np.__version__}", "caps": [{"highest": high, "lowest": low} for high, low in ends], "cases": [case(False), case(True)]}
    json.dump(found, file, indent=1)
    file.write("\n")
