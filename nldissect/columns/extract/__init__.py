"""Fields of all messages of a block, extracted by the tables at once."""
