"""Tests of nldissect.native."""
