"""The p-median in machine code: multipliers climb, and sites are exchanged."""

from optimizer.algorithms.medians.climbing import Climb as Climb
from optimizer.algorithms.medians.climbing import climb as climb
from optimizer.algorithms.medians.climbing import narrow as narrow
from optimizer.algorithms.medians.exchanging import exchange as exchange
from optimizer.algorithms.medians.levelling import cut_rows as cut_rows
from optimizer.algorithms.medians.levelling import levels as levels
from optimizer.algorithms.medians.ready import prepare as prepare
