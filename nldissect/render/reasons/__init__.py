"""Reasons of refusals as text, as JSON, and frame by frame."""
