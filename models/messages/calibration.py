"""What calibration say to people."""

CALIBRATION: dict[str, tuple[str, str]] = {}
