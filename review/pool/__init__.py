"""Reviewers: qualification, availability, conflicts."""
