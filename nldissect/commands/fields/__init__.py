"""`nldissect fields`."""
