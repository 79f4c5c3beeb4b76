"""Set covering in machine code: a local search for cheap covers, and cuts for its program."""

from optimizer.algorithms.covers.containing import greatest as greatest
from optimizer.algorithms.covers.containing import least as least
from optimizer.algorithms.covers.deciding import few_enough as few_enough
from optimizer.algorithms.covers.halves import half_cuts as half_cuts
from optimizer.algorithms.covers.ready import prepare as prepare
from optimizer.algorithms.covers.weighing import lighter_cover as lighter_cover
