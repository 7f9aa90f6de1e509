"""What the reviews add up to, and when the learner is told."""
