"""Writes sales.json beside this file: a market's scenario by another road. Needs NumPy; running the tests does not.

python sales.py

Sellers are drawn with replacement (not with Poisson weights), the formula is written out seller by seller (not by groups), and
all is drawn many times more often than a comparison draws.
"""
import json

import numpy as np

SELLERS = 240
DRAWS = 200_000
traffic_of = {"g": 1.2, "s": 1.0, "w": 0.8}

index = np.arange(SELLERS)
gmv = 1000 + (index * index * 7919) % 100_003
before = np.where(index % 4 == 1, 0.8, np.where(index % 8 == 2, 1.2, 1.0))
after = np.where(index % 4 == 0, 0.8, np.where(index % 8 == 2, 1.2, 1.0))
in_force = np.where(index % 3 == 0, before, 1.0)


def change(weights, elasticity, displacement, held):
    """weights: draws x sellers; elasticity, displacement: one a draw."""
    sales = []
    own = weights * gmv
    for traffic in (before, after):
        scale = own.sum(axis=1) / (own / in_force * traffic).sum(axis=1) if held else np.ones(len(weights))
        made = own * (scale[:, None] * traffic / in_force) ** elasticity[:, None]
        total = made.sum(axis=1)
        if not held:
            total = total + displacement * np.maximum(own - made, 0).sum(axis=1)
        sales.append(total)
    return sales[1] - sales[0]


def case(held):
    generator = np.random.default_rng(20)
    found = []
    for _ in range(DRAWS // 2000):
        weights = generator.multinomial(SELLERS, np.full(SELLERS, 1 / SELLERS), size=2000)
        elasticity = generator.triangular(0.4, 0.7, 1.0, size=2000)
        displacement = generator.beta(9, 11, size=2000)
        found.append(change(weights, elasticity, displacement, held))
    values = np.concatenate(found)
    ones = np.ones((1, SELLERS))
    point = change(ones, np.array([0.7]), np.array([0.45]), held)[0]
    lower, upper = np.quantile(values, [0.025, 0.975])
    return {"totalTraffic": "held" if held else "free", "point": point, "deviation": values.std(), "lower": lower, "upper": upper}


with open("sales.json", "w") as file:
    json.dump({"madeWith": f"NumPy {np.__version__}", "cases": [case(False), case(True)]}, file, indent=1)
    file.write("\n")
