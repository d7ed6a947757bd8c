"""Tests of nldissect.capfile."""
