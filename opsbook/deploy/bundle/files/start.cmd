@echo off
rem Part of OpsBook: see the guide in this folder.
setlocal DisableDelayedExpansion
chcp 65001 >nul
if not defined OPSBOOK_LANG set "OPSBOOK_LANG=zh"
set "OPSBOOK_PYTHON=%~dp0python\python.exe"
if exist "%OPSBOOK_PYTHON%" goto run
echo 请先把压缩包完整解压到固定的文件夹，再双击其中的文件。
echo Unpack the whole zip into a folder first, then double-click the file in that folder.
set "OPSBOOK_STATUS=2"
goto done
:run
"%OPSBOOK_PYTHON%" -X utf8 -m opsbook.commands.double_click {what} %*
set "OPSBOOK_STATUS=%ERRORLEVEL%"
:done
pause
rem Not "exit /b": behind a dragged name with "&" stands a command that must not run.
exit %OPSBOOK_STATUS%
