"""`nldissect exchanges`."""
