"""Kept captures: `nldissect.open`, for programs and for the viewer.

    BlockReader > kept_index (some numbers of each frame and message) > Capture > filter, select, columns, to_arrow
    Capture > row_ranges (what is asked for is read again from the file, as a Block)

Entry points: `capture.open_captures` (nldissect.open), `view.View` (filter() and slices return it),
`series.Series`, `arrow`.

    kept index          columns kept of each frame and message; everything else is read again (kept_index)
    segment             one file of a capture that goes on in several (segmented)
    merged capture      several files, ordered by time (merged)
    row range           messages that are read again as one block (row_ranges)

tests/store holds it.
"""
