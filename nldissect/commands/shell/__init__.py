"""`nldissect shell`."""
