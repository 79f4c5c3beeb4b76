"""The p-median in machine code: multipliers climb, and sites are exchanged."""

from optimizer.algorithms.medians.climbing import Climb as Climb
from optimizer.algorithms.medians.climbing import climb as climb
from optimizer.algorithms.medians.climbing import narrow as narrow
from optimizer.algorithms.medians.exchanging import exchange as exchange
