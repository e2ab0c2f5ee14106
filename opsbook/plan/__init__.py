"""What to do about what the review found: targets, strategies, actions, risks, resources. Knows no cell."""
