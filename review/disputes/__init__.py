"""What happens when someone disagrees."""
