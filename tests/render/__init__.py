"""Tests of nldissect.render."""
