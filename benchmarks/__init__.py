"""What Muster costs in time and memory, phase by phase and beside other programs."""
