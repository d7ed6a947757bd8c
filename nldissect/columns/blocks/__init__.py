"""Blocks: the frames and messages of a window as arrays."""
