"""Records of what messages tell together: changes of objects, objects that existed at a moment, exchanges, notes.

object_changes   changes and their causes, over one or several captures
moment           moments in a capture, as users write them
model            the records
exchange_records makes those of exchanges
capture_records  makes them: `Capture.changes()`, `objects()`, `state()`, `exchanges()`, `notes()`
columns          records as columns of data frames
"""
