"""`nldissect stats`."""
