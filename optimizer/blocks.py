"""The constraint families facility-location formulations are made of."""

import numpy as np
from scipy.sparse import csr_array, eye_array

from optimizer.linear import Builder


def exactly_p(builder: Builder, site_count: int, p: int) -> None:
    r"""Open exactly ``p`` sites: :math:`\sum_j y_j = p`."""
    builder.add_rows("exactly_p", {"open": csr_array(np.ones((1, site_count)))}, lower=p, upper=p)


def cover_needs_site(builder: Builder, cover: csr_array) -> None:
    r"""Count a point only if a site of its cover set is open.

    .. math:: z_i \le \sum_{j \in N_i} y_j \qquad \forall i
    """
    terms = {"covered": eye_array(cover.shape[0], format="csr"), "open": -cover}
    builder.add_rows("cover_needs_site", terms, lower=-np.inf, upper=0.0)
