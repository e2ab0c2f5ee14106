"""What is handed on to people who only read: the deck for management, and PDF."""
