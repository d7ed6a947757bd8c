"""`nldissect changes`."""
