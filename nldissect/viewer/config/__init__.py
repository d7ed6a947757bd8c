"""What the user set, and what the viewer remembers."""
