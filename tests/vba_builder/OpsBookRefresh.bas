Option Explicit
' What people start: Refresh and its neighbours. Python does the work (opsbook.commands.excel_buttons) and says how it went.

Public Sub RefreshAll()
    OpsRun "refresh"
End Sub

Public Sub CheckExports()
    OpsRun "check"
End Sub

Public Sub FreezeValues()
    OpsRun "freeze"
End Sub

Public Sub MakeDeck()
    OpsRun "deck"
End Sub

Public Sub OpsDoctor()
    OpsRun "doctor"
End Sub

Public Sub OpsHelp()
    ' Shows the guide, whatever the language of the workbook.
    Dim titles() As String, at As Long, sheet As Object
    If Not {workbook} Is Nothing Then
        titles = Split(OpsText("{guide_titles}"), "|")
        For at = LBound(titles) To UBound(titles)
            For Each sheet In {workbook}.Worksheets
                If sheet.Name = titles(at) Then
                    sheet.Activate
                    Exit Sub
                End If
            Next sheet
        Next at
    End If
    OpsTell OpsText("{text:no_guide}"), 48
End Sub

Private Sub OpsRun(ByVal what As String)
    Dim mode As Long, events As Boolean, fault As String
    If {workbook} Is Nothing Then
        OpsTell OpsText("{text:no_workbook}"), 48
        Exit Sub
    End If
    mode = Application.Calculation
    events = Application.EnableEvents
    OpsRunFault   ' what an earlier run left
    On Error GoTo failed
    RunPython "from opsbook.commands import excel_buttons; excel_buttons." & what & "()"
    fault = OpsRunFault()
done:
    ' Python puts these back itself; one that was ended on the way could not.
    On Error Resume Next
    If Application.Calculation <> mode Then Application.Calculation = mode
    Application.EnableEvents = events
    Application.DisplayAlerts = True
    Application.ScreenUpdating = True
    Application.StatusBar = False
    If fault <> "" Then OpsTell OpsText("{text:not_run}") & vbCrLf & vbCrLf & fault, 48
    Exit Sub
failed:
    fault = Err.Description
    Resume done
End Sub
