"""Text output: list, tree, JSON, hex, the table of fields. Made from the tables, never from a named family."""
