"""Polars: windows, scores and ranks as expressions on all threads; movement, which goes from week to week, in NumPy."""

import numpy as np
import peer
import polars as pl
import policy

SPLIT = 134_217_729.0


def load(task):
    """One table, a row a seller and week, and, for the ledger policy, all events."""
    folder, weeks = task["history"]["datasetFolder"], task["weeks"]
    names = peer.MEASURES[task["policy"]]
    parts = []
    for rows, entities in zip(peer.column_files(folder, "rows"), peer.column_files(folder, "entities")):
        columns = {name: peer.measure(rows, name) for name in names}
        columns["opened_on"] = np.repeat(peer.column(entities, "opened_on"), weeks)
        columns["category"] = np.repeat(entities.column("category").combine_chunks().indices.to_numpy(), weeks)
        parts.append(pl.DataFrame(columns))
    table = pl.concat(parts, rechunk=True).with_row_index("row")
    table = table.with_columns(seller=pl.col("row") // weeks, week=pl.col("row") % weeks)
    return table, peer.happenings(folder) if task["policy"] == "ledger" else None


def replay(loaded, task):
    table, events = loaded
    held = curves(table, task["weeks"]) if task["policy"] == "curves" else ledger(table, events, task["weeks"])
    return peer.counted(held, task["policy"])


def curves(table, weeks):
    score = pl.col
    age = (peer.FIRST_DAY + 7 * (pl.col("week").cast(pl.Int32) + 1) - pl.col("opened_on")).alias("age")
    scored = (
        table.lazy()
        .select("week", "opened_on", *[over(name, 12) for name in peer.MEASURES["curves"]])
        .select(
            age,
            "orders",
            dispatch=share("late_dispatches", "due_dispatches"),
            delivery=share("late_deliveries", "deliveries"),
            cancellation=share("seller_cancellations", "orders"),
            reviews=pl.when(pl.col("reviews") >= 10).then((pl.col("low_reviews") + 0.15 * 10) / (pl.col("reviews") + 10)),
        )
        .with_columns(
            dispatch=curve("dispatch", [(0, 100), (0.04, 85), (0.15, 50), (0.4, 0)]),
            delivery=curve("delivery", [(0, 100), (0.05, 85), (0.15, 50), (0.35, 0)]),
            cancellation=curve("cancellation", [(0, 100), (0.015, 80), (0.05, 30), (0.1, 0)]),
            reviews=curve("reviews", [(0.05, 100), (0.15, 70), (0.3, 30), (0.5, 0)]),
        )
        .with_columns(*[rounded(name, 1e6) for name in ("dispatch", "delivery", "cancellation", "reviews")])
        .with_columns(fulfilment=weighted({"dispatch": 40, "delivery": 30, "cancellation": 30}))
        .with_columns(rounded("fulfilment", 1e6))
        .with_columns(overall=weighted({"fulfilment": 60, "reviews": 40}))
        .with_columns(rounded("overall", 10))
        .select(
            "age",
            merited=pl.when((pl.col("orders") < 10) | pl.col("overall").is_null())
            .then(4)
            .when(score("overall") >= 85)
            .then(0)
            .when(score("overall") >= 65)
            .then(1)
            .when(score("overall") >= 50)
            .then(2)
            .otherwise(3)
            .cast(pl.Int8),
        )
        .collect()
    )
    return policy.curves_held(by_week(scored["merited"], weeks), by_week(scored["age"], weeks))


def ledger(table, events, weeks):
    group = ["week", "category"]
    scored = (
        table.lazy()
        .select(
            *["seller", *group],
            over("late_deliveries", 12),
            over("deliveries", 12),
            over("seller_cancellations", 4),
            over("orders", 4),
        )
        .select(
            *["seller", *group],
            rate=share("late_deliveries", "deliveries"),
            points=(share("seller_cancellations", "orders") > 0.03).fill_null(False).cast(pl.Float64),
        )
        .with_columns(peers=pl.col("rate").count().over(group), place=pl.col("rate").rank("average").over(group))
        .select(
            # Ranks begin with 1 and equals have their mean, which is the mid-rank and a half more.
            rank=pl.when(pl.col("peers") >= 30).then((2 * pl.col("place") - 1) / (2 * pl.col("peers"))),
            points=over("points", 12),
        )
        .collect()
    )
    points = policy.event_points((weeks, len(table) // weeks), events)
    ranks = by_week(scored["rank"].fill_null(float("nan")), weeks)
    return policy.ledger_held(policy.ledger_merited(by_week(scored["points"], weeks) + points, ranks))


def over(name, weeks):
    return pl.col(name).rolling_sum(weeks, min_samples=1).over("seller")


def share(part, whole):
    return pl.when(pl.col(whole) >= 10).then(pl.col(part) / pl.col(whole))


def curve(name, points):
    value = pl.col(name)
    branches = pl.when(value.is_null()).then(None).when(value < points[0][0]).then(float(points[0][1]))
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        branches = branches.when(value < x1).then(y0 + (value - x0) * (y1 - y0) / (x1 - x0))
    return branches.otherwise(float(points[-1][1]))


def rounded(name, power):
    """As in policy.py; the error is computed everywhere, because expressions have no branch."""
    value = pl.col(name)
    product = value * power
    whole = product.floor()
    rest = product - whole
    shifted = SPLIT * value
    high = shifted - (shifted - value)
    error = (high * power - product) + (value - high) * power
    up = (rest > 0.5) | ((rest == 0.5) & (error >= 0))
    return ((whole + up.cast(pl.Float64)) / power).alias(name)


def weighted(weights):
    total = sum(pl.when(pl.col(name).is_null()).then(0.0).otherwise(weight * pl.col(name)) for name, weight in weights.items())
    known = sum(pl.when(pl.col(name).is_null()).then(0.0).otherwise(float(weight)) for name, weight in weights.items())
    return pl.when(known > 0).then(total / known)


def by_week(column, weeks):
    return column.to_numpy().reshape(-1, weeks).T.copy()


peer.answer(load, replay, ["polars", "numpy", "pyarrow"])
