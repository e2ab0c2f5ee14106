"""Records and words that every room may know: figures, issues, languages, errors."""
