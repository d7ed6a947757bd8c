"""Fields of all messages of a block, extracted together by the tables."""
