"""Semantics of messages: objects, sequence numbers, strict checks."""
