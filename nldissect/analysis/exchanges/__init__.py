"""Exchanges: which answers belong to which request."""
