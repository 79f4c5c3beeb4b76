"""Routes as columns of a linear program: a bound, and routes that fit each other."""
