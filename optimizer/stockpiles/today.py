"""The day itself: what goes from where to where, given what is there and what has happened.

The recourse alone: nothing is decided beforehand, and one situation is known.
"""

from models.stockpiles import StockPlan, StockRequest
from models.stockpiles.plan import Deliveries
from models.stockpiles.scenarios import StockScenario
from optimizer.control import RunControl
from optimizer.datasets import Store
from optimizer.stockpiles.balance import holding
from optimizer.stockpiles.figures import complete_plan
from optimizer.stockpiles.formulation import Formulation
from optimizer.stockpiles.instance import Instance
from optimizer.stockpiles.levels import settled
from optimizer.stockpiles.solution import first_of_plan


def deliveries_today(
    request: StockRequest,
    plan: StockPlan | None,
    today: StockScenario,
    control: RunControl,
    store: Store | None = None,
) -> Deliveries:
    """Return the deliveries that leave least unmet today.

    ``plan`` says what is held, agreed and given; None: the lots of the request, as far as they are
    sure, and the kits that people have.
    """
    asked = request.model_copy(update={"scenarios": (today,), "held_out": ()})
    instance = Instance.from_request(asked, store)
    formulation = Formulation.of(instance)
    held = holding(instance) if plan is None else plan
    first = first_of_plan(formulation.first, held)
    return complete_plan(settled(formulation, first, control)).deliveries[0]
