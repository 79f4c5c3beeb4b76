"""What files written for people say."""

DOCUMENTS: dict[str, tuple[str, str]] = {}
