"""What messages are about: objects, sequence numbers, strict checks."""
