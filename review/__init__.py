"""Who judges, what they say, what is decided, how it is disputed."""
