"""Output for terminals: colours, tables, wrapping, progress, a pager. Knows nothing of netlink.

Entry points: `colors.painter_for`, `table.Page`, `progress.Progress`. tests/test_progress.py and tests/test_output.py
hold it.
"""
