"""Stock rotation: what to issue, move, buy and write off over years."""
