"""The block engine: a capture as columns of frames, messages and the fields that a query needs.

    capfile.Window > block_reader: blocks/scan, blocks/message_types, names/, requests/block_tracker > Block
    Block > extract/plan (the fields of a query, found in all messages together) > Hits
    Block, Hits > fields/column_reader (by block) | fields/message_reader (by message) > values

Entry points: `block_reader.BlockReader(path).blocks()`, `extract.plan.Plan`, `fields.column_reader.ColumnReader`.

    block           the frames and messages of one window as arrays, in three groups (blocks/block)
    message type    protocol, type, direction, class, family, command: numbered in a capture (blocks/message_type)
    projection      which sets and structs can hold a wanted field; all others are skipped (extract/projection)
    extent, hits    many spans of one kind; where a wanted field stands in a block (extract/descend, extract/plan)
    derived field   a field that no row holds, with a form by message and one by block (fields/derived, derived_columns)
    second pass     a result that needs the whole capture, cached (blocks/whole_capture)

To add a derived field: fields/derived. tests/contracts holds this engine to the message engine (test_blocks_*,
test_columns_*, test_block_*), over every shipped capture.
"""
