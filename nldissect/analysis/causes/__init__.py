"""Causes of events and changes: the request behind each, its process, and what the kernel does by itself."""
