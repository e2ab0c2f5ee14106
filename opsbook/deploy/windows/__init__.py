"""OpsBook in Excel on Windows: set up for one user, looked over, taken away again."""
