"""Kept captures: `nldissect.open`."""
