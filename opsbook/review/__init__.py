"""The review: which sections it has, what they answer, which indicators they show."""
