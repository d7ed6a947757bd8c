"""Widgets and screens of the viewer."""
