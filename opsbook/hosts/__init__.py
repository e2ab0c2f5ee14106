"""Names of version 0.1 that workbooks, extensions and the registry of users' computers hold; nothing else uses them."""
