Option Explicit
' What the buttons of the ribbon do.

Public Sub RefreshPressed(control As IRibbonControl)
    RefreshAll
End Sub

Public Sub ExportsPressed(control As IRibbonControl)
    CheckExports
End Sub

Public Sub FreezePressed(control As IRibbonControl)
    FreezeValues
End Sub

Public Sub DeckPressed(control As IRibbonControl)
    MakeDeck
End Sub

Public Sub DoctorPressed(control As IRibbonControl)
    OpsDoctor
End Sub

Public Sub HelpPressed(control As IRibbonControl)
    OpsHelp
End Sub

Public Sub CheckFunctions(control As IRibbonControl)
    ' Whether the functions reach Python, and if not, why and what to do.
    Dim version As String
    version = OpsVersion()
    If version = "" Then
        OpsTell OpsText("{text:not_connected}") & vbCrLf & vbCrLf & OpsFault(), 48
    Else
        OpsTell OpsText("{text:connected}") & version, 64
    End If
End Sub

Public Sub RecalculateFunctions(control As IRibbonControl)
    ' Formulas that stand on #NAME? since Python was not there calculate again.
    Dim version As String
    version = OpsVersion()
    If version = "" Then
        OpsTell OpsText("{text:not_connected}") & vbCrLf & vbCrLf & OpsFault(), 48
    Else
        Application.CalculateFull
    End If
End Sub
