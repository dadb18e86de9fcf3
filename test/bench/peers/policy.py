"""The two policies of the bench in NumPy: what sums over windows merit, and how a merited tier becomes the held one, week by week."""

import numpy as np

SPLIT = 134_217_729.0


def curve(x, points):
    """Piecewise linear, flat outside the ends; NaN stays NaN."""
    result = np.full_like(x, points[-1][1])
    for (x0, y0), (x1, y1) in reversed(list(zip(points, points[1:]))):
        result = np.where(x < x1, y0 + (x - x0) * (y1 - y0) / (x1 - x0), result)
    result = np.where(x < points[0][0], points[0][1], result)
    return np.where(np.isnan(x), np.nan, result)


def rounded(x, power):
    """Rounds values from 0 up on their exact binary value, ties up; the product's error (Dekker 1971) matters only where it is a half."""
    product = x * power
    whole = np.floor(product)
    rest = product - whole
    whole += rest > 0.5
    halves = np.nonzero(rest == 0.5)
    if len(halves[0]) > 0:
        value = x[halves]
        shifted = SPLIT * value
        high = shifted - (shifted - value)
        error = (high * power - product[halves]) + (value - high) * power
        whole[halves] += error >= 0
    return whole / power


def weighted(parts):
    """A weighted mean of what is known; NaN when nothing is."""
    total, weights = 0.0, 0.0
    for score, weight in parts:
        known = ~np.isnan(score)
        total = total + np.where(known, weight * score, 0.0)
        weights = weights + np.where(known, weight, 0.0)
    return total / weights


def share(part, whole, least=10):
    return np.where(whole >= least, part / whole, np.nan)


def curves_merited(sums):
    """The merited tier from sums over 12 weeks, by measure."""
    with np.errstate(divide="ignore", invalid="ignore"):
        late_dispatch = share(sums["late_dispatches"], sums["due_dispatches"])
        late_delivery = share(sums["late_deliveries"], sums["deliveries"])
        cancelled = share(sums["seller_cancellations"], sums["orders"])
        low = np.where(sums["reviews"] >= 10, (sums["low_reviews"] + 0.15 * 10) / (sums["reviews"] + 10), np.nan)
        dispatch = rounded(curve(late_dispatch, [(0, 100), (0.04, 85), (0.15, 50), (0.4, 0)]), 1e6)
        delivery = rounded(curve(late_delivery, [(0, 100), (0.05, 85), (0.15, 50), (0.35, 0)]), 1e6)
        cancellation = rounded(curve(cancelled, [(0, 100), (0.015, 80), (0.05, 30), (0.1, 0)]), 1e6)
        reviews = rounded(curve(low, [(0.05, 100), (0.15, 70), (0.3, 30), (0.5, 0)]), 1e6)
        fulfilment = rounded(weighted([(dispatch, 40), (delivery, 30), (cancellation, 30)]), 1e6)
        overall = rounded(weighted([(fulfilment, 60), (reviews, 40)]), 10)
    merited = 3 - (overall >= 50).view(np.int8) - (overall >= 65) - (overall >= 85)
    return np.where((sums["orders"] >= 10) & ~np.isnan(overall), merited, 4).astype(np.int8)


def curves_held(merited, age):
    """Rows are weeks, columns sellers; `age` is the seller's in days at each evaluation."""
    held = np.empty_like(merited)
    before = np.full(merited.shape[1], 4, np.int8)
    up = np.zeros(merited.shape[1], np.int8)
    down = np.zeros(merited.shape[1], np.int8)
    former = merited[0]
    for week, merit in enumerate(merited):
        off = (merit == 4) | (before == 4)
        ups = np.where(off | (merit >= before), 0, up + 1).astype(np.int8)
        downs = np.where(off | (merit <= before), 0, down + 1).astype(np.int8)
        worst, best = np.maximum(merit, former), np.minimum(merit, former)
        goal = np.where(ups >= 2, np.maximum(worst, before - 1), np.where(downs >= 2, np.maximum(best, before), before))
        goal = np.where(off, merit, goal)
        shielded = ((merit == 2) | (merit == 3)) & (age[week] >= 0) & (age[week] < 60)
        moved = shielded | (goal != before)
        up = np.where(moved, 0, ups).astype(np.int8)
        down = np.where(shielded, np.minimum(down + 1, 2), np.where(moved, 0, downs)).astype(np.int8)
        before = np.where(shielded, 1, goal).astype(np.int8)
        held[week] = before
        former = merit
    return held


def mid_ranks(rates, categories):
    """Each seller's share of peers below, those equal counted half; NaN below 30 peers. Rows are weeks."""
    ranks = np.full_like(rates, np.nan)
    members = [np.nonzero(categories == category)[0] for category in np.unique(categories)]
    for week, row in enumerate(rates):
        for sellers in members:
            values = row[sellers]
            peers = np.sort(values[~np.isnan(values)])
            if len(peers) < 30:
                continue
            below = np.searchsorted(peers, values, "left")
            upto = np.searchsorted(peers, values, "right")
            ranks[week, sellers] = np.where(np.isnan(values), np.nan, (below + upto) / (2 * len(peers)))
    return ranks


def event_points(shape, events):
    """Points of live violations, in rows of weeks: added in the first week, taken off after the last, summed on."""
    weeks, sellers = shape
    changes = np.zeros((weeks + 1) * sellers)
    seller, first, after, points = (part[events[2] > events[1]] for part in events)
    for week, amount in ((first, points), (after, -points)):
        inside = week < weeks
        changes += np.bincount((week * sellers + seller)[inside], amount[inside], len(changes))
    return np.cumsum(changes.reshape(weeks + 1, sellers)[:weeks], axis=0)


def ledger_merited(penalty, ranks):
    latest = ranks >= 0.95
    return np.where((penalty < 2) & ~latest, 0, np.where(penalty < 6, 1, 2)).astype(np.int8)


def ledger_held(merited):
    """Rows are weeks; the two adverse tiers hold for four of them."""
    held = np.empty_like(merited)
    before = np.full(merited.shape[1], 3, np.int8)
    until = {1: np.zeros(merited.shape[1], np.int16), 2: np.zeros(merited.shape[1], np.int16)}
    for week, merit in enumerate(merited):
        now = np.maximum(merit, np.where(until[2] > week, 2, np.where(until[1] > week, 1, 0)))
        for tier, end in until.items():
            starts = (now == tier) & (before != tier) & (end <= week)
            until[tier] = np.where(starts, week + 4, end)
        before = now.astype(np.int8)
        held[week] = before
    return held


def over(values, weeks):
    """Sums over so many weeks, in rows of weeks."""
    sums = np.cumsum(values, axis=0)
    sums[weeks:] = sums[weeks:] - sums[:-weeks]
    return sums
