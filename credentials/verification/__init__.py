"""Check any badge, step by step, and say what each step found."""
