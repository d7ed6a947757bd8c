"""Tests of nldissect.filters."""
