"""Teams that move to posts while they wait: what every program over such moves keeps."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from models.dispatch.readiness import Post
from optimizer.linear import Builder


def add_move_rows(
    builder: Builder, posts: Sequence[Post], teams: int, moves_max: int, *, once: str
) -> None:
    """Add the rows of the columns ``move`` (team, post).

    No team goes to two posts (``once``: the name of those rows), no post takes more than it has
    room for, and no more teams move than may.
    """
    count = len(posts)
    one_each = csr_array(np.kron(np.eye(teams), np.ones((1, count))))
    builder.add_rows(once, {"move": one_each}, lower=0.0, upper=1.0)
    room = [teams if one.teams_max is None else one.teams_max for one in posts]
    at_post = csr_array(np.kron(np.ones((1, teams)), np.eye(count)))
    builder.add_rows("room", {"move": at_post}, lower=0.0, upper=np.array(room, dtype=float))
    every = csr_array(np.ones((1, teams * count)))
    builder.add_rows("few", {"move": every}, lower=0.0, upper=float(moves_max))
