"""Expert notes: what is odd in messages, and what only the whole capture shows."""
