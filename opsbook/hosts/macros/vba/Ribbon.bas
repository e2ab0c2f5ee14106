Option Explicit
' What the buttons of the ribbon do.

Public Sub CheckFunctions(control As IRibbonControl)
    ' Whether the functions reach Python, and if not, why and what to do.
    Dim version As String
    version = OpsVersion()
    If version = "" Then
        Tell OpsText("{text:not_connected}") & vbCrLf & vbCrLf & OpsFault(), 48
    Else
        Tell OpsText("{text:connected}") & version, 64
    End If
End Sub

Public Sub RecalculateFunctions(control As IRibbonControl)
    ' Formulas that stand on #NAME? since Python was not there calculate again.
    Dim version As String
    version = OpsVersion()
    If version = "" Then
        Tell OpsText("{text:not_connected}") & vbCrLf & vbCrLf & OpsFault(), 48
    Else
        Application.CalculateFull
    End If
End Sub

Private Sub Tell(ByVal message As String, ByVal icon As Long)
    #If Mac Then
        MsgBox message, icon, "OpsBook"
    #Else
        ' MsgBox would show question marks where Windows speaks no Chinese.
        CreateObject("WScript.Shell").Popup message, 0, "OpsBook", icon
    #End If
End Sub
