"""What tables say to people."""

TABLES: dict[str, tuple[str, str]] = {}
