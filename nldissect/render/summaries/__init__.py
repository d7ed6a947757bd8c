"""Summaries: the one line of text of a message, and the derived field `summary`."""
