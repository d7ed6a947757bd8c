"""Records of what messages tell together: changes of objects, and the objects that existed at a moment.

object_changes   changes and their causes, over one or several captures
moment           moments in a capture, as users write them
model            the records
capture_records  makes them: `Capture.changes()`, `Capture.state()`
"""
