"""Captures read frame by frame."""
