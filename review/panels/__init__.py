"""What those who run a badge see of how its reviews and decisions hold up."""
