"""Tests, in folders like those of the package; helpers/ is what they share."""
