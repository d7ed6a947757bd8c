"""Captures that run while they are viewed."""
