"""The kernel's text about refusals, by its tracepoint."""
