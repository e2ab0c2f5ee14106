"""Metrics: pure functions over tidy tables. They know no files, no Excel and no clock."""
