"""Processes: who spoke through which socket."""
