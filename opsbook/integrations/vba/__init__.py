"""Workbooks with macros, built from text: the VBA project, the functions' wrappers, the ribbon, the templates."""
