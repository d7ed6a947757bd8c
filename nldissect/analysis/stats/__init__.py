"""Statistics: the counts that `stats` and the viewer's views show."""
