"""Values against other programs on the same traffic."""
