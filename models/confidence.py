"""How sure a figure is: ``found`` in a published source, ``memory_*`` recalled, ``derived``."""

from typing import Literal

Confidence = Literal["plan", "found", "memory_high", "memory_medium", "memory_low", "derived"]
