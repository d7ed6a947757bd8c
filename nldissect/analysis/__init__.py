"""What the messages of a capture mean together: statistics, exchanges, changes, processes."""
