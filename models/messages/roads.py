"""What roads say to people."""

ROADS: dict[str, tuple[str, str]] = {}
