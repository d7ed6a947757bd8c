"""Tests of nldissect.columns."""
