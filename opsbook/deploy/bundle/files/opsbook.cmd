@echo off
rem The command line of the OpsBook in this folder: opsbook new, opsbook refresh, opsbook --help.
"%~dp0python\python.exe" -X utf8 -m opsbook %*
