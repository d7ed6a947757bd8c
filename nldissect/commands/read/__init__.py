"""`nldissect read`."""
