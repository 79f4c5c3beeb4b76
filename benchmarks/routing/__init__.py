"""Routes of teams beside other programs on the same instances and, where they can, objective."""
