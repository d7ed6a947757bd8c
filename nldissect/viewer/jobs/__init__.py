"""Background jobs of the viewer, run step by step next to the screen's thread."""
