"""The block engine: a capture as columns of frames, messages and the fields that a query needs."""
