"""Tables as people write them: numbers with their units, names of places, contacts."""
