"""What can be earned, and what was awarded."""
