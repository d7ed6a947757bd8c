"""Text output: list, tree, JSON, hex, the table of fields. Made from the tables, never from a named family.

    one message:    StreamFrame > printer > formats/ > list_line | trees/ | json_objects | field_rows | code
    a block:        columns.Block > columnar/ (session, message_renderer, json_renderer, fields_renderer)
    a capture:      native/ (read_job and the like) feeds the C core and prints what it leaves
    what is counted: stats/ (text, JSON), report/ (one HTML page)

Entry points: `printer.Printer`, `columnar.session.RenderSession`, `native.read_job.read`, `stats.text.print_sheet`.

    summary     a message's line of text: the template of its class, filled in (summaries/)
    cell        a field's value as text (field_cells)
    refusal     an error with its request and a caret under the attribute at fault (refusal)

To add an output format: formats/. To add a section of statistics: stats/. tests/render,
tests/contracts/test_blocks_agree_with_walk.py and tests/native hold the three ways to one text.
"""
