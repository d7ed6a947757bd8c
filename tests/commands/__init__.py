"""Tests of nldissect.commands."""
