"""The viewer: packet list, tree and bytes of a capture in a terminal. `textual` is imported by what `view` imports.

    a capture:     model.capture_model.CaptureModel > panes/ (packet_list, detail_tree, hex_pane)
    a key:         keys > actions/ > panes, or a job
    a job:         jobs.worker.Worker runs generators step by step (filter, search, sort, second pass, view)
    a live one:    live/ (session, control; spool and piped for standard input)

Entry points: `command.view`, `app.Viewer`.

    row         index of a message in the capture
    RowSet      rows in the order of the list
    job         generator that the background thread runs step by step; it yields False while it is idle
    view        table computed from the messages of the list (views/)

To add a key: keys.KEYS, and an `action_` method in actions/ or panes/. To add a view: views/.
tests/viewer holds the viewer.
"""

from .command import view

__all__ = ["view"]
