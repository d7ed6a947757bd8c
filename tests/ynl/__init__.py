"""Tests of nldissect.ynl."""
