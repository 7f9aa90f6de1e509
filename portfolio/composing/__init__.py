"""The learner's work area: claims, reflections, disclosures, coverage."""
