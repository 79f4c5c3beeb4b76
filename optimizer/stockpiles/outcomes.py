"""What becomes of one scenario under a plan: who sends what to which block, and what is missing.

A recourse speaks of groups of blocks. What a group gets in a band is split among its blocks by what
they still lack: first up to what is due in that band, then in the next, and so on. No block then
gets ahead while another is behind, so the blocks together lack what the group lacks. With kits each
block is a group, and what could be left out with nothing more missing is left out.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.demand import FloatArray
from optimizer.stockpiles.instance import IndexArray, Instance
from optimizer.stockpiles.recourse import Response
from optimizer.stockpiles.situations import Situation

_LEAST = 1e-7  # of a unit: what is sent below is rounding


@dataclass(frozen=True, eq=False)
class Outcome:
    """One scenario under one plan; deliveries count units of what is needed, opened kits kits."""

    situation: Situation
    kits: FloatArray  # (block, item, band) what households have themselves, in all by then
    source: IndexArray  # (delivery,)
    block: IndexArray
    exchange: IndexArray
    band: IndexArray
    quantity: FloatArray
    missing: FloatArray  # (block, item, band) still, by the end of each band
    refills: tuple[IndexArray, IndexArray, IndexArray, IndexArray]  # source, depot, item, band
    refilled: FloatArray  # (refill,)

    def unmet(self, instance: Instance) -> float:
        """Return the weighted need not delivered by the end of its band, over the bands."""
        weights = np.array([one.weight for one in instance.bands])
        return float(np.einsum("jkb,k,b->", self.missing, instance.weight, weights))


def outcome(response: Response, first: FloatArray, values: FloatArray) -> Outcome:
    """Return what a recourse's columns mean for every block, given the first stage."""
    situation = response.situation
    share = response.first.kits @ first
    kits = situation.from_kits * share[:, None, None]
    lacking = np.maximum(0.0, situation.need - kits)
    sent = np.maximum(0.0, response.sent(values))
    source, _, exchange, band = response.flows
    handed = _opened if response.instance.has_kits else _handed
    flow, blocks, quantity, received = handed(response, lacking, sent)
    moved = np.maximum(0.0, response.moved(values))
    moves = np.flatnonzero(moved > _LEAST)
    return Outcome(
        situation=situation,
        kits=kits,
        source=source[flow],
        block=blocks,
        exchange=exchange[flow],
        band=band[flow],
        quantity=quantity,
        missing=np.maximum(0.0, lacking - np.cumsum(received, axis=2)),
        refills=(
            response.refills[0][moves],
            response.refills[1][moves],
            response.refills[2][moves],
            response.refills[3][moves],
        ),
        refilled=moved[moves],
    )


Handed = tuple[IndexArray, IndexArray, FloatArray, FloatArray]  # flow, block, quantity; received


def _handed(response: Response, lacking: FloatArray, sent: FloatArray) -> Handed:
    """Return what goes to which block of the groups that are sent to."""
    _, group, exchange, band = response.flows
    received, reaches = _split(response, lacking, sent)
    kept = np.flatnonzero(sent > _LEAST)
    needed = response.instance.exchange_needed[exchange[kept]]
    shares = reaches[:, needed, band[kept]]  # (block, kept flow)
    mine = response.groups.of_block[:, None] == group[kept][None, :]
    amount = np.where(mine, shares, 0.0) * sent[kept][None, :]
    blocks, flow = np.nonzero(amount > _LEAST)
    return kept[flow], blocks, amount[blocks, flow], received


def _opened(response: Response, lacking: FloatArray, sent: FloatArray) -> Handed:
    """Return the same where kits are opened: each group is one block."""
    instance = response.instance
    _, group, exchange, band = response.flows
    kept = np.flatnonzero(sent > _LEAST)
    block, exchange, band = response.groups.block[group[kept]], exchange[kept], band[kept]
    quantity = sent[kept].copy()
    place, item, each = instance.parts(exchange)
    got = np.zeros(lacking.shape)
    np.add.at(got, (block[place], item, band[place]), quantity[place] * each)
    over = np.cumsum(got, axis=2) - lacking
    spare = np.full(len(kept), np.inf)
    np.minimum.at(spare, place, over[block[place], item, -1] / each)
    for n in np.argsort(-band, kind="stable").tolist():
        if spare[n] <= _LEAST:
            continue
        own = np.flatnonzero(place == n)
        j, k, b = int(block[n]), item[own], int(band[n])
        room = float((over[j, k, b:] / each[own, None]).min())
        cut = min(float(quantity[n]), max(0.0, room))
        quantity[n] -= cut
        over[j, k, b:] -= cut * each[own, None]
        got[j, k, b] -= cut * each[own]
    left = np.flatnonzero(quantity > _LEAST)
    return kept[left], block[left], quantity[left], got


def _split(
    response: Response, lacking: FloatArray, sent: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return what each block receives in each band, and its share of what its group is sent.

    Both are (block, item, band). What is sent beyond all that will ever be lacking counts for
    nobody, so the shares of a group may sum to less than 1.
    """
    groups = response.groups
    _, group, exchange, band = response.flows
    needed = response.instance.exchange_needed[exchange]
    total: FloatArray = np.zeros(groups.need.shape)
    np.add.at(total, (group, needed, band), sent)
    member = groups.of_block
    active = np.flatnonzero(member >= 0)
    of = member[active]
    so_far = np.zeros((len(active), total.shape[1]))
    received = np.zeros(lacking.shape)
    shares = np.zeros(lacking.shape)
    for b in range(total.shape[2]):
        left = total[:, :, b].copy()
        before = so_far.copy()
        for due in range(b, total.shape[2]):
            behind = np.maximum(0.0, lacking[active, :, due] - so_far)
            in_group = np.zeros(left.shape)
            np.add.at(in_group, of, behind)
            given = np.minimum(left, in_group)
            part = np.divide(given, in_group, out=np.zeros_like(given), where=in_group > 0)
            so_far += behind * part[of]
            left -= given
        received[active, :, b] = so_far - before
        whole = total[of, :, b]
        shares[active, :, b] = np.divide(
            so_far - before, whole, out=np.zeros_like(so_far), where=whole > 0
        )
    return received, shares
