"""Plain siting: cover, set cover, p-median and p-center, with costs, budgets and capacities."""
