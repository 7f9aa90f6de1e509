"""Eligibility, affinity and matching; invitations and their answers."""
