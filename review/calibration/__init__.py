"""How reviewers are held against works whose levels the committee knows."""
