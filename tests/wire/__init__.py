"""Tests of nldissect.wire."""
