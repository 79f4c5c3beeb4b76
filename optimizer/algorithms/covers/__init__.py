"""Coverings in machine code: cheap covers, cuts for their program, and bounds on maximal ones."""

from optimizer.algorithms.covers.containing import greatest as greatest
from optimizer.algorithms.covers.containing import least as least
from optimizer.algorithms.covers.deciding import few_enough as few_enough
from optimizer.algorithms.covers.halves import half_cuts as half_cuts
from optimizer.algorithms.covers.hybrid import climb_cover as climb_cover
from optimizer.algorithms.covers.hybrid import nearest_capped as nearest_capped
from optimizer.algorithms.covers.ready import prepare as prepare
from optimizer.algorithms.covers.weighing import lighter_cover as lighter_cover
