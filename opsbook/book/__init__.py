"""The book: blocks of cells and charts, composed from the review, laid out, told without any program."""
