"""Tests of nldissect.families."""
