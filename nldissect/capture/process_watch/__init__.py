"""Processes that begin and end while a capture runs."""
