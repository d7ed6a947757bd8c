"""Commands to a running capture, and what it reports."""
