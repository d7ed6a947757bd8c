"""The viewer: packet list, tree and bytes of a capture in a terminal. `textual` is imported by what `view` imports.

store, worker, sieve, shown    the capture, what happens beside the screen, which messages are shown; know no screen
pane, packets, tree, bytes     the panes; filterbar, statusline: the lines around them
views, table                   further panes as plug-ins: statistics, exchanges, ...
app, keys, look                the application, its keys, its colours
"""

from .command import view

__all__ = ["view"]
