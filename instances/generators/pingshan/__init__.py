"""The Pingshan scenario: published totals, illustrative places."""

from instances.generators.pingshan.request import Extras as Extras
from instances.generators.pingshan.request import five_and_five as five_and_five
from instances.generators.pingshan.request import idle_first as idle_first
from instances.generators.pingshan.request import (
    idle_first_then_build as idle_first_then_build,
)
