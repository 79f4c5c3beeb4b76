"""Two-stage stochastic linear programs with complete recourse: whole, and by scenario.

A program's first stage is decided before, its recourse after it is known what happens. Whatever
the first stage, some recourse must exist (an unmet need is a column), and recourse is continuous.
"""

from optimizer.algorithms.two_stage.blocks import Blocks as Blocks
from optimizer.algorithms.two_stage.blocks import Executor as Executor
from optimizer.algorithms.two_stage.blocks import Here as Here
from optimizer.algorithms.two_stage.blocks import LocalProcesses as LocalProcesses
from optimizer.algorithms.two_stage.granting import affordable as affordable
from optimizer.algorithms.two_stage.l_shaped import LShaped as LShaped
from optimizer.algorithms.two_stage.master import Aim as Aim
from optimizer.algorithms.two_stage.master import Sample as Sample
from optimizer.algorithms.two_stage.master import spread as spread
from optimizer.algorithms.two_stage.program import Recourse as Recourse
from optimizer.algorithms.two_stage.program import Stack as Stack
from optimizer.algorithms.two_stage.program import stacked as stacked
from optimizer.algorithms.two_stage.responding import Reply as Reply
from optimizer.algorithms.two_stage.responding import Responder as Responder
from optimizer.algorithms.two_stage.risk import quantile_at_risk as quantile_at_risk
from optimizer.algorithms.two_stage.risk import value_at_risk as value_at_risk
