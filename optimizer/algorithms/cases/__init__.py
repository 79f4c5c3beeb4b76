"""Sites chosen once for many cases, people placed in each: a bound, and a search with even fills.

Both see arrays alone. The bound leaves the rules on how people are spread out; the search keeps
them in every plan it looks at.
"""
