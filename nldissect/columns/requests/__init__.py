"""The request that each acknowledgement of a block repeats."""
