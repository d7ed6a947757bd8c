"""`nldissect sockets`."""
