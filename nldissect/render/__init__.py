"""What nldissect prints: list, tree, JSON, hex, the table of fields. From the tables, never from a named family."""
