"""NumPy's best form: matrices of weeks by sellers, a block of sellers at a time, so that a block stays in the cache."""

import numpy as np
import peer
import policy


def load(task):
    """A block a chunk: measures in rows of weeks, what belongs to the seller, and, for the ledger policy, all events."""
    folder, weeks = task["history"]["datasetFolder"], task["weeks"]
    blocks = []
    for rows, entities in zip(peer.column_files(folder, "rows"), peer.column_files(folder, "entities")):
        block = {name: peer.measure(rows, name).reshape(-1, weeks).T.copy() for name in peer.MEASURES[task["policy"]]}
        block["opened_on"] = peer.column(entities, "opened_on")
        block["category"] = entities.column("category").combine_chunks().indices.to_numpy()
        blocks.append(block)
    return blocks, peer.happenings(folder) if task["policy"] == "ledger" else None


def replay(loaded, task):
    blocks, events = loaded
    held = curves(blocks, task) if task["policy"] == "curves" else ledger(blocks, events)
    return peer.counted(np.concatenate(held, axis=1), task["policy"])


def curves(blocks, task):
    held = []
    for block in blocks:
        sums = {name: policy.over(block[name], 12) for name in peer.MEASURES["curves"]}
        evaluations = peer.FIRST_DAY + 7 * (np.arange(task["weeks"], dtype=np.int32) + 1)
        held.append(policy.curves_held(policy.curves_merited(sums), evaluations[:, None] - block["opened_on"][None, :]))
    return held


def ledger(blocks, events):
    rates, weekly = [], []
    with np.errstate(divide="ignore", invalid="ignore"):
        for block in blocks:
            rates.append(policy.share(policy.over(block["late_deliveries"], 12), policy.over(block["deliveries"], 12)))
            cancelled = policy.share(policy.over(block["seller_cancellations"], 4), policy.over(block["orders"], 4))
            weekly.append(policy.over((cancelled > 0.03).astype(np.float64), 12))
    rates = np.concatenate(rates, axis=1)
    ranks = policy.mid_ranks(rates, np.concatenate([block["category"] for block in blocks]))
    penalty = np.concatenate(weekly, axis=1) + policy.event_points(rates.shape, events)
    return [policy.ledger_held(policy.ledger_merited(penalty, ranks))]


peer.answer(load, replay, ["numpy", "pyarrow"])
