"""Routes of teams over hours, for the least severity-weighted completion.

Plain arrays in (``problem``), plain arrays out (``search``), a lower bound (``bound``) and a check
that shares nothing with the search (``checking``).
"""
