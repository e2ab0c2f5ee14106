"""Records that every room may know."""
