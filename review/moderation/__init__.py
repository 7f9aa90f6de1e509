"""A second pair of eyes on how a review is written, before anybody else reads it."""
