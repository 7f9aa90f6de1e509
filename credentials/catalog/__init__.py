"""What can be earned: badges, their immutable editions, rubrics and policies."""
