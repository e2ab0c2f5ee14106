"""The UDF modules that the VBA of workbooks of version 0.1 calls."""
