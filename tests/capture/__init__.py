"""Tests of nldissect.capture."""
