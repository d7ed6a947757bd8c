"""Statistics: what `stats` and the viewer's views count."""
