Option Explicit
Option Private Module
' From a cell to Python and back. The functions themselves stand in OpsBookFunctions.

Private Const ERROR_VALUE As Long = 2015
Private Const ERROR_NAME As Long = 2029
Private Const PAUSE_SECONDS As Long = 30

Private server As Object   ' Python's COM server; asked for once, not once per call
Private retryAt As Date
Private lastFault As String
Private runFault As String

Public Function OpsCall(ByVal functionName As String, ByVal cells As Variant) As Variant
    ' A cell or an array of cells; #NAME? while Python cannot be reached.
    Dim wasConnected As Boolean
    If Now < retryAt Then   ' a sheet of failing formulas must not wait for each of them
        OpsCall = CVErr(ERROR_NAME)
        Exit Function
    End If
    On Error GoTo failed
    wasConnected = Not server Is Nothing
    If Not wasConnected Then Set server = XLPy()
    ' In brackets arguments go by value, as in the calls that xlwings writes; a variable would go as a reference.
    OpsCall = OpsResult(server.CallUDF("{udf_module}", (functionName), (cells)))
    Exit Function
failed:
    lastFault = Err.Description
    Set server = Nothing
    If wasConnected Then   ' Python was ended since the last call: one new start
        wasConnected = False
        Resume again
    End If
    retryAt = DateAdd("s", PAUSE_SECONDS, Now)
    OpsCall = CVErr(ERROR_NAME)
    Exit Function
again:
    Set server = XLPy()
    OpsCall = OpsResult(server.CallUDF("{udf_module}", (functionName), (cells)))
End Function

Public Function OpsCells(Optional ByVal given As Variant) As Variant
    ' The bare values of an argument: numbers for dates and currency, errors as errors; Empty when left out.
    If IsMissing(given) Then
        OpsCells = Empty
    ElseIf Not IsObject(given) Then
        OpsCells = given
    ElseIf Not TypeOf given Is Range Then
        OpsCells = CVErr(ERROR_VALUE)
    ElseIf given.Areas.Count > 1 Then
        OpsCells = CVErr(ERROR_VALUE)
    Else
        OpsCells = given.Value2
    End If
End Function

Private Function OpsResult(ByVal result As Variant) As Variant
    ' Python sends an Excel error as its text.
    Dim row As Long, column As Long
    If Not IsArray(result) Then
        OpsResult = OpsCell(result)
        Exit Function
    End If
    If Dimensions(result) = 1 Then
        For column = LBound(result) To UBound(result)
            If VarType(result(column)) = vbString Then result(column) = OpsCell(result(column))
        Next column
    Else
        For row = LBound(result, 1) To UBound(result, 1)
            For column = LBound(result, 2) To UBound(result, 2)
                If VarType(result(row, column)) = vbString Then result(row, column) = OpsCell(result(row, column))
            Next column
        Next row
    End If
    OpsResult = result
End Function

Private Function OpsCell(ByVal cell As Variant) As Variant
    OpsCell = cell
    If VarType(cell) <> vbString Then Exit Function
    If Left$(cell, 1) <> "#" Then Exit Function
    Select Case cell
{error_cases}
    End Select
End Function

Private Function Dimensions(ByVal cells As Variant) As Long
    Dim upper As Long
    Dimensions = 1
    On Error GoTo done
    upper = UBound(cells, 2)
    Dimensions = 2
done:
End Function

Public Function OpsVersion() As String
    ' Python's OpsBook, or nothing when it cannot be reached; OpsFault then tells why.
    retryAt = 0
    lastFault = ""
    Set server = Nothing
    On Error GoTo failed
    Set server = XLPy()
    OpsVersion = server.Str(server.GetAttr(server.Module("opsbook"), "__version__"))
    Exit Function
failed:
    lastFault = Err.Description
    Set server = Nothing
End Function

Public Function OpsFault() As String
    OpsFault = lastFault
End Function

Public Function OpsText(ByVal escaped As String) As String
    ' Texts stand here as \uXXXX, so that no code page can change them.
    Dim pieces() As String, at As Long
    pieces = Split(escaped, "\u")
    OpsText = pieces(0)
    For at = 1 To UBound(pieces)
        OpsText = OpsText & ChrW(CLng("&H" & Left$(pieces(at), 4))) & Mid$(pieces(at), 5)
    Next at
End Function

Public Sub OpsFailed(ByVal report As String)
    ' Takes what xlwings would show of a run of Python: of many lines the last says what it was.
    Dim lines() As String, at As Long
    runFault = OpsText("{text:ended}")
    lines = Split(Replace(report, vbCr, ""), vbLf)
    For at = UBound(lines) To LBound(lines) Step -1
        If Trim$(lines(at)) <> "" Then
            runFault = Trim$(lines(at))
            Exit Sub
        End If
    Next at
End Sub

Public Function OpsRunFault() As String
    ' Tells it once.
    OpsRunFault = runFault
    runFault = ""
End Function

Public Sub OpsTell(ByVal message As String, ByVal icon As Long)
    #If Mac Then
        MsgBox message, icon, "OpsBook"
    #Else
        ' MsgBox would show question marks where Windows speaks no Chinese.
        CreateObject("WScript.Shell").Popup message, 0, "OpsBook", icon
    #End If
End Sub
