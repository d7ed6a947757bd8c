"""Tests of nldissect.analysis."""
