"""Expert notes: oddities of single messages, and those that only the whole capture shows."""
