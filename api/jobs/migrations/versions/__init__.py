"""Each step takes the tables from one revision to the next, jobs in them included."""
