"""Tests of nldissect.sockets."""
