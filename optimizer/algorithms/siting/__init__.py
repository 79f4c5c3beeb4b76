"""Where to open facilities: exact searches on plain arrays, each with a safe bound.

Every search takes a `LocationInstance` and a `RunControl` and gives a `Found`: any moment's best
choice, a bound that holds whatever the rounding, and how much work it took. What was chosen is
counted afresh from the instance alone before it is given back.
"""
