"""Filters made of what the cursor stands on."""
