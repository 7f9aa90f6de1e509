"""What reviewers get back: what their feedback was worth, credit, and a word when it slips."""
