"""Text of the messages of a block at once."""
