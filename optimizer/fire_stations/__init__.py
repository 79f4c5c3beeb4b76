"""Fire-station siting: from a request to a verified answer."""
