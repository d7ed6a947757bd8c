"""Exchanges: requests and the answers that belong to them."""
