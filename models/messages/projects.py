"""What projects say to people."""

PROJECTS: dict[str, tuple[str, str]] = {}
