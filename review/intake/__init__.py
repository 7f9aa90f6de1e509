"""Completeness and privacy check; never merit."""
