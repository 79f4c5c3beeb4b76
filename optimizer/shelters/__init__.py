"""Shelter siting: which sites open, who goes where, nobody into a hazard."""
