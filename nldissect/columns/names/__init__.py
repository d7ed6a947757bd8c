"""Names of interfaces, generic families and sets at each frame of a capture."""
