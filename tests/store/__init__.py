"""Tests of nldissect.store."""
