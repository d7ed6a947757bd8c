"""Work beside the screen, in steps."""
