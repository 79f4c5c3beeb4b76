"""Kernels that give each of some teams one visit anew, all at once and best.

One visit of each of some routes is taken out, and what they cost wherever they would be put is an
assignment problem: every way to exchange single visits in rings and chains is one of its
solutions. After Toth, P. and Tramontani, A. (2008), An integer linear programming local search for
capacitated vehicle routing problems, in The Vehicle Routing Problem: Latest Advances and New
Challenges; the assignment by shortest augmenting paths, Jonker, R. and Volgenant, A. (1987),
Computing 38, doi:10.1007/BF02278710.
"""

import numpy as np

from optimizer.algorithms.routes.chances import draw
from optimizer.algorithms.routes.inserting import best_spot, put
from optimizer.algorithms.routes.pool import close_up, collect
from optimizer.algorithms.routes.problem import FloatArray, IndexArray
from optimizer.algorithms.routes.state import Data, Draft, RngState, State
from optimizer.algorithms.routes.times import settle
from optimizer.compiled import compiled


@compiled
def assigned(  # noqa: C901, PLR0912, PLR0915  one pass of one algorithm
    cost: FloatArray, out: FloatArray, count: int, columns: int, column_of: IndexArray
) -> None:
    """Write the column of each row, -1 for none, for the least sum; a row costs ``out`` without.

    The first ``count`` rows and ``columns`` columns are meant; an infinite cost is no choice.
    """
    row_of = np.full(columns, -1, dtype=np.int64)
    price = np.zeros(columns)
    worth = np.zeros(count)
    away = np.empty(columns)
    before = np.empty(columns, dtype=np.int64)
    done = np.empty(columns, dtype=np.bool_)
    for first in range(count):
        away[:] = np.inf
        done[:] = False
        row, reached, last = first, 0.0, -1
        best_end, end_row, end_column = np.inf, first, -1
        while True:
            # The way may end here, with this row left out.
            if reached + out[row] - worth[row] < best_end:
                best_end, end_row, end_column = reached + out[row] - worth[row], row, -1
            nearest, least = -1, np.inf
            for column in range(columns):
                if done[column]:
                    continue
                new = reached + cost[row, column] - worth[row] - price[column]
                if new < away[column]:
                    away[column] = new
                    before[column] = last
                if away[column] < least:
                    nearest, least = column, away[column]
            if nearest < 0 or least >= best_end:
                break
            if row_of[nearest] < 0:
                best_end, end_row, end_column = least, -1, nearest
                break
            done[nearest] = True
            reached, last, row = least, nearest, row_of[nearest]
        # New potentials: what was reached before the end moves by what is left of the way.
        worth[first] += best_end
        for column in range(columns):
            if done[column]:
                worth[row_of[column]] += best_end - away[column]
                price[column] -= best_end - away[column]
        # Turn the way over. `before` is the column whose row looked at this one; -1 the first row.
        if end_column < 0:
            if end_row == first:
                continue
            end_column = column_of[end_row]
            column_of[end_row] = -1
            row_of[end_column] = -1
        column = end_column
        while True:
            other = before[column]
            row = first if other < 0 else row_of[other]
            row_of[column] = row
            column_of[row] = column
            if other < 0:
                break
            column = other


@compiled
def take_of_each(data: Data, state: State, draft: Draft, rng: RngState, columns: int) -> int:
    """Take a random visit out of each of the first teams of the order; return how many."""
    count = 0
    for column in range(columns):
        team = draft.order[column]
        draft.team[team]["touched"] = True
        held, size = state.line[team]["held"], state.line[team]["size"]
        if size > held:
            visit = state.route[team, held + draw(rng, size - held)]
            count = collect(data, state, draft, data.visit[visit]["stop"], count)
    return count


@compiled
def share_out(data: Data, state: State, draft: Draft, rng: RngState) -> None:
    """Take one visit out of each of some routes, and give them to these teams anew.

    Each of the teams gets one at most, all of them together for the least cost.
    """
    order, out, pool = draft.order, draft.out, draft.pool
    teams = len(data.team)
    columns = min(teams, len(out))
    for index in range(teams):
        order[index] = index
    for index in range(columns):
        other = index + draw(rng, teams - index)
        order[index], order[other] = order[other], order[index]
    rows = take_of_each(data, state, draft, rng, columns)
    close_up(data, state, draft)
    for row in range(rows):
        stop = data.stop[pool[row]]
        out[row], draft.column[row] = stop["penalty"], -1
        best_spot(data, state, draft, rng, stop["first"], out[row], row)
    assigned(draft.cost, out, rows, columns, draft.column)
    for row in range(rows):
        column = draft.column[row]
        if column >= 0:
            put(state, order[column], draft.spot[row, column], data.stop[pool[row]]["first"])
            settle(data, state, draft, order[column])
            draft.stop[pool[row]]["pooled"] = False
