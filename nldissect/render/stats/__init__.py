"""Statistics as text."""
