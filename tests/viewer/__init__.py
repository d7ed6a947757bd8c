"""Tests of nldissect.viewer."""
