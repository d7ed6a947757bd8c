"""Output for terminals: colours, tables, wrapping, progress, a pager. Knows nothing of netlink.

Entry points: `colors.painter_for`, `table.Page`, `progress.Progress`. tests/render/test_progress.py
and tests/render/test_list_tree_times.py hold it.
"""
