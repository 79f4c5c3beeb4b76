"""Where to open facilities of limited capacity: exact searches on plain arrays, with safe bounds.

Every search takes an instance and a `RunControl` and gives any moment's best plan, counted afresh
from the instance alone, a bound that holds whatever the rounding, and how much work it took.
"""
