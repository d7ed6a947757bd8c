"""Trees of messages: every header field, layer and attribute with its bytes, as `-V` and the viewer show them."""
