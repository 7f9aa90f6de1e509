"""What was awarded: entitlement, signed credential, status."""
