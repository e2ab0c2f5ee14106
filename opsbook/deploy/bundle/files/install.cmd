@echo off
rem Connects Excel with the OpsBook in this folder. Double-click it, or call it with the options of "opsbook install".
setlocal DisableDelayedExpansion
chcp 65001 >nul
set "OPSBOOK_PYTHON=%~dp0python\python.exe"
if exist "%OPSBOOK_PYTHON%" goto run
echo 请先把压缩包完整解压到固定的文件夹，再运行其中的 install.cmd。
echo Unpack the whole zip into a folder first, then run the install.cmd in that folder.
set "OPSBOOK_STATUS=2"
goto done
:run
"%OPSBOOK_PYTHON%" -X utf8 -m opsbook install %*
set "OPSBOOK_STATUS=%ERRORLEVEL%"
:done
if "%~1"=="" pause
exit /b %OPSBOOK_STATUS%
