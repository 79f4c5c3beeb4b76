"""Flows from sources to groups over a bipartite graph, compiled."""

from optimizer.algorithms.bipartite.serving import serve as serve
from optimizer.algorithms.bipartite.serving import serve_all as serve_all
