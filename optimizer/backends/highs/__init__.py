"""HiGHS through highspy: the default, with everything a backend here can have.

``solve`` takes any program, ``solve_linear`` a large linear one; ``LpSession`` keeps one warm
between changes, and
``safe_dual_bound`` recomputes what its duals prove. HiGHS's thread pool is global to the
process, so one process runs one solve at a time. It cannot take lazy constraints: highspy
1.16 names the callback and never calls it. A node limit of 0 ends before the root.
"""

from optimizer.backends.bounds import safe_dual_bound as safe_dual_bound
from optimizer.backends.highs.loading import NAME as NAME
from optimizer.backends.highs.session import Basis as Basis
from optimizer.backends.highs.session import LpSession as LpSession
from optimizer.backends.highs.session import solve_linear as solve_linear
from optimizer.backends.highs.solving import CAPABILITIES as CAPABILITIES
from optimizer.backends.highs.solving import solve as solve
