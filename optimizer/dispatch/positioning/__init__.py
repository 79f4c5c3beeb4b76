"""Pre-positioning: where teams wait for what a warning announces, over scenarios."""
