"""The program that version 0.1 starts at logon."""
