"""Data shown on the screen, without widgets."""
