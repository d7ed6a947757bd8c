"""Text of the messages of a capture by the native core."""
