"""`nldissect export`."""
