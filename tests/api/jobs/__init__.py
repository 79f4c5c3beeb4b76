"""Jobs: none lost, none accepted twice."""
