"""The report of `stats --html`."""
