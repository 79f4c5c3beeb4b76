"""Two-stage capacitated location: bounds by multipliers, plans by exchanges, a tree."""

from optimizer.algorithms.two_echelon.flows import Flows as Flows
from optimizer.algorithms.two_echelon.flows import count_flows as count_flows
from optimizer.algorithms.two_echelon.search import Staged as Staged
from optimizer.algorithms.two_echelon.search import locate_stages as locate_stages
