"""Text of all messages of a block at once."""
