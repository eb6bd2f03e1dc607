/* A step of the .msi: ends the installation where a program of ours runs, with a sentence why.
   A program that runs cannot be opened for writing. Windows Installer hands over the folder. */

#include <windows.h>
#include <msi.h>
#include <msiquery.h>

static const wchar_t *const programs[] = {L"pos-desktop.exe", L"posctl.exe"};
static const wchar_t sentence[] =
    L"POS Desktop is running. Close its window, and what posctl does, in every login of this "
    L"computer; then start this again. Nothing was changed.";

static BOOL runs(const wchar_t *folder, const wchar_t *program) {
    wchar_t path[2 * MAX_PATH];
    lstrcpynW(path, folder, MAX_PATH);
    lstrcatW(path, program);
    DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE file = CreateFileW(path, GENERIC_WRITE, shared, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return GetLastError() == ERROR_SHARING_VIOLATION;
    }
    CloseHandle(file);
    return FALSE;
}

__declspec(dllexport) UINT WINAPI LookFirst(MSIHANDLE install) {
    wchar_t folder[MAX_PATH] = L"";
    DWORD size = MAX_PATH;
    MsiGetPropertyW(install, L"CustomActionData", folder, &size);
    for (int n = 0; n < 2; n++) {
        if (runs(folder, programs[n])) {
            MSIHANDLE told = MsiCreateRecord(0);
            MsiRecordSetStringW(told, 0, sentence);
            MsiProcessMessage(install, INSTALLMESSAGE_ERROR, told);
            MsiCloseHandle(told);
            return ERROR_INSTALL_FAILURE;
        }
    }
    return ERROR_SUCCESS;
}
