"""What nldissect prints: one-line list, tree, JSON, hex and the table of fields. From the tables, never from a named family."""
