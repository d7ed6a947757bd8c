"""Output for terminals: colours, tables, wrapping, progress. Knows nothing of netlink."""
