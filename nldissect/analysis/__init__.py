"""Analysis of a capture's messages together: statistics, exchanges, changes of objects, processes."""
