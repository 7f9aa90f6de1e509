"""What a learner makes, keeps and hands in."""
