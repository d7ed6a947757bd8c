"""Captures kept open: `nldissect.open`."""
