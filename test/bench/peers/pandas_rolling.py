"""pandas as it is usually written: rolling sums by group over a table of rows, then the columns; movement week by week over all sellers."""

import numpy as np
import pandas as pd
import peer
import policy


def load(task):
    """One table, a row a seller and week, and, for the ledger policy, all events."""
    folder, weeks = task["history"]["datasetFolder"], task["weeks"]
    names = peer.MEASURES[task["policy"]]
    parts = []
    for rows, entities in zip(peer.column_files(folder, "rows"), peer.column_files(folder, "entities")):
        part = pd.DataFrame({name: peer.measure(rows, name) for name in names})
        part["opened_on"] = np.repeat(peer.column(entities, "opened_on"), weeks)
        part["category"] = np.repeat(entities.column("category").combine_chunks().indices.to_numpy(), weeks)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table["seller"] = np.arange(len(table)) // weeks
    table["week"] = np.arange(len(table)) % weeks
    return table, peer.happenings(folder) if task["policy"] == "ledger" else None


def replay(loaded, task):
    table, events = loaded
    held = curves(table, task["weeks"]) if task["policy"] == "curves" else ledger(table, events, task["weeks"])
    return peer.counted(held, task["policy"])


def curves(table, weeks):
    sums = over(table, peer.MEASURES["curves"], 12)
    merited = policy.curves_merited({name: sums[name].to_numpy() for name in sums})
    age = peer.FIRST_DAY + 7 * (table["week"] + 1) - table["opened_on"]
    return policy.curves_held(by_week(merited, weeks), by_week(age.to_numpy(), weeks))


def ledger(table, events, weeks):
    quarter = over(table, ["late_deliveries", "deliveries"], 12)
    month = over(table, ["seller_cancellations", "orders"], 4)
    rate = (quarter["late_deliveries"] / quarter["deliveries"]).where(quarter["deliveries"] >= 10)
    peers = rate.groupby([table["week"], table["category"]])
    count = peers.transform("count")
    # pandas ranks from 1 and gives equals their mean, which is the mid-rank and a half more.
    rank = ((2 * peers.rank(method="average") - 1) / (2 * count)).where(count >= 30)
    cancelled = (month["seller_cancellations"] / month["orders"]).where(month["orders"] >= 10)
    weekly = over(table[["seller"]].assign(points=(cancelled > 0.03).astype(np.float64)), ["points"], 12)
    points = policy.event_points((weeks, len(table) // weeks), events)
    penalty = by_week(weekly["points"].to_numpy(), weeks) + points
    return policy.ledger_held(policy.ledger_merited(penalty, by_week(rank.to_numpy(), weeks)))


def over(table, names, weeks):
    """Rolling sums; the rows of a seller stand together, so the result is in the order of the table."""
    return table.groupby("seller", sort=False)[names].rolling(weeks, min_periods=1).sum().reset_index(drop=True)


def by_week(values, weeks):
    return values.reshape(-1, weeks).T.copy()


peer.answer(load, replay, ["pandas", "numpy", "pyarrow"])
