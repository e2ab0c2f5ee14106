"""Where an open workbook lies on disk, and Excel kept still and set free again."""

import pytest
from backends.fake_excel import EDITING, App, com_error

from opsbook.backends.excel_live import excel_errors, workbook_location
from opsbook.backends.excel_live.app_state import MANUAL, quiet
from opsbook.domain.errors import BookError


class Book:
    """Of Excel's Workbook, what tells where it is."""

    def __init__(self, full, folder="x"):
        self.Name, self.FullName, self.Path = full.rpartition("/")[2], full, folder


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(excel_errors.insist, "__kwdefaults__", {"patience": 0})


def test_a_file_on_this_computer_is_where_excel_says(tmp_path):
    assert workbook_location.local_path(Book(f"{tmp_path}/年 1.xlsx")) == tmp_path / "年 1.xlsx"


def test_a_workbook_never_saved_is_told_what_to_do():
    with pytest.raises(BookError) as error:
        workbook_location.local_path(Book("工作簿1", folder=""))
    assert "另存到本机的一个文件夹" in error.value.message("zh")
    assert "was never saved" in error.value.message("en")


@pytest.mark.parametrize(
    ("address", "variable"),
    [
        ("https://d.docs.live.net/0123ABC/店铺/年 1.xlsx", "OneDriveConsumer"),
        ("https://d.docs.live.net/0123ABC/%E5%BA%97%E9%93%BA/%E5%B9%B4%201.xlsx", "OneDriveConsumer"),
        ("https://d.docs.live.net/0123ABC/店铺/年 1.xlsx", "OneDrive"),
        ("https://firm-my.sharepoint.com/personal/a_firm_com/Documents/店铺/年 1.xlsx", "OneDriveCommercial"),
        ("https://firm-my.sharepoint.cn/personal/a_firm_cn/Documents/店铺/年 1.xlsx", "OneDrive"),
    ],
)
def test_a_workbook_in_the_cloud_is_found_in_its_synchronised_folder(
    address, variable, tmp_path, monkeypatch
):
    monkeypatch.setenv(variable, str(tmp_path))
    file = tmp_path / "店铺" / "年 1.xlsx"
    with pytest.raises(BookError, match="in the cloud"):  # not there: it is another computer's
        workbook_location.local_path(Book(address))
    file.parent.mkdir()
    file.touch()
    assert workbook_location.local_path(Book(address)) == file


def test_a_team_site_is_found_by_what_onedrive_registered(tmp_path, monkeypatch):
    address = "https://firm.sharepoint.com/sites/ops/Shared Documents/年.xlsx"
    file = tmp_path / "年.xlsx"
    file.touch()
    with pytest.raises(BookError) as error:
        workbook_location.local_path(Book(address))
    assert address in error.value.message("zh")
    mounts = [
        ("https://other/", "/none"),
        ("https://Firm.sharepoint.com/sites/ops/Shared Documents/", str(tmp_path)),
    ]
    monkeypatch.setattr(workbook_location, "_mounts", lambda: iter(mounts))
    assert workbook_location.local_path(Book(address)) == file


def test_a_file_of_the_same_name_elsewhere_is_not_taken_for_it(tmp_path, monkeypatch):
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path))
    (tmp_path / "other store").mkdir()
    (tmp_path / "other store" / "年.xlsx").touch()
    with pytest.raises(BookError):
        workbook_location.local_path(Book("https://firm.sharepoint.com/sites/ops/Shared Documents/年.xlsx"))


USERS = (True, True, True, MANUAL, "我的状态")


@pytest.fixture(params=[(True, True, True, -4105, False), USERS, (False, False, False, 2, False)])
def app(request):
    found = App()
    names = ("ScreenUpdating", "EnableEvents", "DisplayAlerts", "Calculation", "StatusBar")
    found.__dict__.update(zip(names, request.param, strict=True))
    return found


def test_excel_is_still_inside_and_as_before_afterwards(app):
    before = app.settings()
    with quiet(app) as progress:
        assert app.settings()[:4] == (False, False, False, MANUAL)
        progress(3, 10, "读取 a.xlsx")
        assert app.StatusBar == "OpsBook: 读取 a.xlsx 3/10"
    assert app.settings() == before


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_it_is_as_before_after_a_failure(app, error):
    before = app.settings()
    with pytest.raises(error), quiet(app):
        raise error
    assert app.settings() == before


def test_a_setting_that_excel_refuses_keeps_no_other_from_being_put_back():
    app = App()
    with quiet(app):
        app._fault = lambda _owner, member: (
            _raise(com_error(-2147352567)) if member == "EnableEvents=" else None
        )
    app._fault = None
    assert app.settings() == (True, False, True, -4105, False)


def test_a_cell_being_edited_is_told_and_nothing_changed():
    app = App()
    app._editing = True
    with pytest.raises(BookError) as error, quiet(app):
        pass
    app._editing = False
    assert "Enter" in error.value.message("zh")
    assert "Esc" in error.value.message("en")
    assert app.settings() == (True, True, True, -4105, False)


def test_editing_that_begins_on_the_way_changes_nothing_either():
    app = App()

    def fault(_owner, member):
        if member == "ScreenUpdating=" and app.__dict__["ScreenUpdating"]:
            raise com_error(EDITING)

    app._fault = fault
    with pytest.raises(BookError, match="busy"), quiet(app):
        pass
    app._fault = None
    assert app.settings() == (True, True, True, -4105, False)


def test_progress_that_cannot_be_shown_stops_nothing():
    app = App()
    with quiet(app) as progress:
        app._editing = True
        progress(1, 2, "x")
        app._editing = False
    assert app.settings() == (True, True, True, -4105, False)


def _raise(error):
    raise error
