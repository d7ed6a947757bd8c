"""Pasted text: hex dumps and byte literals as bytes."""
