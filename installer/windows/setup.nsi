; The setup program: per machine, 64 bits, silent with /S. What it is told on its command line:
;   /S               asks and shows nothing
;   /D=FOLDER        where to; the last word, without quotes; an upgrade stays where it is
;   /AUTOSTART=yes   the till opens when somebody signs in; =no takes that back; else as it was
; How it ends: 0 done; 1 cancelled; 2 broken off, the earlier version is back; 3 the till is
; running; 4 the .msi is installed; 5 this Windows is too old; 6 a newer version is here.
; After 3 to 6 nothing was changed.
;
; installer/windows/setup.py calls it and defines VERSION, NUMBERS, PUBLISHER, TARGET,
; FOLDER, CONTENTS, LIST, OLDEST_BUILD, TOO_OLD, SIZE_KB, ICON, OUT, and SIGN where it is to be
; signed.

Target ${TARGET}
Unicode true
SetCompressor /SOLID lzma
SetCompressorDictSize 32

!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "FileFunc.nsh"
!include "WinVer.nsh"
!include "WordFunc.nsh"
!include "x64.nsh"
!include "TextFunc.nsh"
!include "Sections.nsh"

!define NAME "POS Desktop"
!define OURS "Software\${NAME}"
!define LISTED "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define DATA "$APPDATA\${NAME}"
!define EVERY_LOGIN "*S-1-5-32-545" ; the group Users, whatever it is called in the language of Windows
!define RUNNING "${NAME} is running. Close its window, and what posctl does, in every login of this computer; then start this again. Nothing was changed."

Name "${NAME} ${VERSION}"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\${NAME}"
RequestExecutionLevel admin
ShowInstDetails nevershow
ShowUninstDetails nevershow
BrandingText "${NAME} ${VERSION}"

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "FileDescription" "${NAME} setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT licence"

!ifdef SIGN ; the command that signs a file, %1 in its words
  !uninstfinalize '${SIGN}'
  !finalize '${SIGN}'
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_NODESC
!insertmacro MUI_PAGE_COMPONENTS
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenUpgrading
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!include "${CONTENTS}" ; ForEachEntry: what lies in the folder of the programs, one macro call each

; Ends with an exit code and a sentence: in a window, or on standard output where nothing is shown.
!macro EndWith code sentence
  ${If} ${Silent}
    System::Call 'kernel32::AttachConsole(i -1)'
    System::Call 'kernel32::GetStdHandle(i -11)p.r0'
    FileWrite $0 "${sentence}$\r$\n"
  ${Else}
    MessageBox MB_OK|MB_ICONEXCLAMATION "${sentence}"
  ${EndIf}
  SetErrorLevel ${code}
  Quit
!macroend

; A program that runs cannot be opened for writing.
!macro CheckNotRunning program
  ${If} ${FileExists} "$INSTDIR\${program}"
    ClearErrors
    FileOpen $0 "$INSTDIR\${program}" a
    ${If} ${Errors}
      StrCpy $1 "running"
    ${Else}
      FileClose $0
    ${EndIf}
  ${EndIf}
!macroend

!macro RefuseWhileRunning
  ${Do}
    StrCpy $1 ""
    !insertmacro CheckNotRunning "pos-desktop.exe"
    !insertmacro CheckNotRunning "posctl.exe"
    ${If} $1 == ""
      ${Break}
    ${EndIf}
    ${If} ${Silent}
      !insertmacro EndWith 3 "${RUNNING}"
    ${EndIf}
    ${If} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${RUNNING}" IDCANCEL`
      SetErrorLevel 3
      Quit
    ${EndIf}
  ${Loop}
!macroend

!macro Remove entry
  RMDir /r "$INSTDIR\${entry}"
  Delete "$INSTDIR\${entry}"
!macroend

Function .onInit
  SetRegView 64
  SetShellVarContext all
  ${Unless} ${AtLeastWin10}
  ${OrUnless} ${AtLeastBuild} ${OLDEST_BUILD}
  ${OrUnless} ${RunningX64}
    !insertmacro EndWith 5 "${TOO_OLD}"
  ${EndUnless}
  ReadRegStr $0 HKLM "${OURS}" "InstalledBy"
  ${If} $0 == "msi"
    !insertmacro EndWith 4 "${NAME} was installed by its .msi here: upgrade it with the newer .msi, or remove it first. Nothing was changed."
  ${EndIf}
  ReadRegStr $0 HKLM "${LISTED}" "DisplayVersion"
  ${VersionCompare} "$0" "${VERSION}" $1
  ${If} $1 == 1 ; the one that is here is newer
    !insertmacro EndWith 6 "${NAME} $0 is here, which is newer than ${VERSION}. To go back, remove it first; the shop's data stays. Nothing was changed."
  ${EndIf}
  ReadRegStr $0 HKLM "${OURS}" "InstallDir"
  ${If} $0 != ""
    StrCpy $INSTDIR $0
  ${EndIf}
  Call ChooseAutostart
FunctionEnd

Function SkipWhenUpgrading
  ReadRegStr $0 HKLM "${OURS}" "InstallDir"
  ${If} $0 != ""
    Abort
  ${EndIf}
FunctionEnd

Function un.onInit
  SetRegView 64
  SetShellVarContext all
FunctionEnd

; What an earlier version put here, by the list that it left, goes aside in one go.
Function MoveAside
  RMDir /r "$INSTDIR\previous"
  ${Unless} ${FileExists} "$INSTDIR\contents.txt"
    Return
  ${EndUnless}
  CreateDirectory "$INSTDIR\previous"
  CopyFiles /SILENT "$INSTDIR\contents.txt" "$INSTDIR\previous"
  FileOpen $2 "$INSTDIR\previous\contents.txt" r
  ${Do}
    ClearErrors
    FileRead $2 $3
    ${If} ${Errors}
      ${Break}
    ${EndIf}
    ${TrimNewLines} $3 $3
    ${If} ${FileExists} "$INSTDIR\$3"
      ClearErrors
      Rename "$INSTDIR\$3" "$INSTDIR\previous\$3"
      ${If} ${Errors}
        FileClose $2
        Call BringBack
        !insertmacro EndWith 3 "${RUNNING}"
      ${EndIf}
    ${EndIf}
  ${Loop}
  FileClose $2
FunctionEnd

Function BringBack
  ${Unless} ${FileExists} "$INSTDIR\previous\contents.txt"
    Return
  ${EndUnless}
  FileOpen $2 "$INSTDIR\previous\contents.txt" r
  ${Do}
    ClearErrors
    FileRead $2 $3
    ${If} ${Errors}
      ${Break}
    ${EndIf}
    ${TrimNewLines} $3 $3
    ${If} ${FileExists} "$INSTDIR\previous\$3"
      RMDir /r "$INSTDIR\$3"
      Delete "$INSTDIR\$3"
      Rename "$INSTDIR\previous\$3" "$INSTDIR\$3"
    ${EndIf}
  ${Loop}
  FileClose $2
  CopyFiles /SILENT "$INSTDIR\previous\contents.txt" "$INSTDIR"
  RMDir /r "$INSTDIR\previous"
FunctionEnd

Function .onInstFailed
  Call BringBack
FunctionEnd

Section "${NAME}" PROGRAM
  SectionIn RO
  !insertmacro RefuseWhileRunning
  Call MoveAside
  SetOutPath "$INSTDIR"
  File "/oname=contents.txt" "${LIST}"
  File /r "${FOLDER}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  SetOutPath "$TEMP" ; a folder in which a program was started cannot go

  ; The folder of the shop: every login of this computer works with the same one.
  CreateDirectory "${DATA}"
  nsExec::Exec '"$SYSDIR\icacls.exe" "${DATA}" /grant ${EVERY_LOGIN}:(OI)(CI)M /Q'
  Pop $0

  CreateDirectory "$SMPROGRAMS\${NAME}"
  SetOutPath "$INSTDIR" ; where a shortcut's program starts
  CreateShortcut "$SMPROGRAMS\${NAME}\${NAME}.lnk" "$INSTDIR\pos-desktop.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}\${NAME} console.lnk" "$SYSDIR\cmd.exe" '/k "set PATH=$INSTDIR;%PATH%& posctl --help"' "$INSTDIR\posctl.exe"
  SetOutPath "$TEMP"

  WriteRegStr HKLM "${OURS}" "InstallDir" "$INSTDIR"
  WriteRegStr HKLM "${OURS}" "InstalledBy" "setup"
  WriteRegStr HKLM "${LISTED}" "DisplayName" "${NAME}"
  WriteRegStr HKLM "${LISTED}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${LISTED}" "DisplayIcon" "$INSTDIR\pos-desktop.exe"
  WriteRegStr HKLM "${LISTED}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKLM "${LISTED}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${LISTED}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${LISTED}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${LISTED}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKLM "${LISTED}" "NoModify" 1
  WriteRegDWORD HKLM "${LISTED}" "NoRepair" 1
  RMDir /r "$INSTDIR\previous"
SectionEnd

Section /o "Open the till when somebody signs in" AUTOSTART
SectionEnd

Section
  ${If} ${SectionIsSelected} ${AUTOSTART}
    SetOutPath "$INSTDIR"
    CreateShortcut "$SMSTARTUP\${NAME}.lnk" "$INSTDIR\pos-desktop.exe"
    SetOutPath "$TEMP"
  ${Else}
    Delete "$SMSTARTUP\${NAME}.lnk"
  ${EndIf}
SectionEnd

Function ChooseAutostart
  ${GetParameters} $0
  ${GetOptions} $0 "/AUTOSTART=" $1
  ${If} $1 == "yes"
    !insertmacro SelectSection ${AUTOSTART}
  ${ElseIf} $1 == ""
  ${AndIf} ${FileExists} "$SMSTARTUP\${NAME}.lnk"
    !insertmacro SelectSection ${AUTOSTART}
  ${EndIf}
FunctionEnd

Section "Uninstall"
  !insertmacro RefuseWhileRunning
  !insertmacro ForEachEntry Remove
  RMDir /r "$INSTDIR\previous"
  Delete "$INSTDIR\contents.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  RMDir /r "$SMPROGRAMS\${NAME}"
  Delete "$SMSTARTUP\${NAME}.lnk"
  DeleteRegKey HKLM "${LISTED}"
  DeleteRegKey HKLM "${OURS}"
  RMDir "${DATA}" ; goes only if it is empty
  ${If} ${FileExists} "${DATA}\*.*"
    !insertmacro EndWith 0 "${NAME} is removed. The shop's data stays in ${DATA}: books must be kept for years. Who needs it no more deletes that folder."
  ${EndIf}
SectionEnd
