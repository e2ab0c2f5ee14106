"""Files whose parts have different encodings, and letters that no encoding explains."""

import pytest
from intake.export_files import codes

from opsbook.intake.charset import decoded
from opsbook.intake.limits import Unreadable

HEAD = "订单号,订单状态,下单时间,产品名称,实收金额\r\n"
DONE = "1,交易成功,2025-03-05,Boot,100\r\n"
CLOSED = "2,交易关闭,2025-03-06,Boot,900\r\n"
BUYER = "3,paid,2025-03-07,Schnürschuh für Müller,7\r\n"


@pytest.mark.parametrize(
    ("data", "text", "mixed", "damaged"),
    [
        ((HEAD + DONE).encode() + CLOSED.encode("gbk"), HEAD + DONE + CLOSED, (3,), ()),
        ((HEAD + DONE).encode("gbk") + CLOSED.encode("utf-8-sig"), HEAD + DONE + CLOSED, (3,), ()),
        ((HEAD + CLOSED).encode("gb18030") + (HEAD + DONE).encode(), HEAD + CLOSED + HEAD + DONE, (1, 2), ()),
        ((HEAD + DONE).encode("utf-8-sig") * 2, (HEAD + DONE) * 2, (), ()),
        (b"\xef\xbb\xbf" + (HEAD + DONE).encode("utf-8-sig"), HEAD + DONE, (), ()),
        ((HEAD + DONE).encode("utf-16") * 2, (HEAD + DONE) * 2, (), ()),
        ((HEAD + DONE + CLOSED).encode("gbk"), HEAD + DONE + CLOSED, (), ()),
        # Two letters of GBK that are valid, and other letters, in UTF-8.
        (
            (HEAD + CLOSED + "4,一些,2025-03-05,x,1\r\n").encode("gbk"),
            HEAD + CLOSED + "4,一些,2025-03-05,x,1\r\n",
            (),
            (),
        ),
        ((HEAD + DONE + BUYER).encode(), HEAD + DONE + BUYER, (), ()),
        (
            (HEAD + DONE).encode() + BUYER.encode("cp1252"),
            HEAD + DONE + BUYER.replace("ü", "\ufffd"),
            (),
            (3,),
        ),
        ((HEAD + DONE).encode() + "2,交易成".encode()[:-1], HEAD + DONE + "2,交易\ufffd", (), (3,)),
    ],
    ids=[
        "GBK after UTF-8",
        "UTF-8 with a mark after GBK",
        "two whole files",
        "UTF-8 twice",
        "two marks",
        "UTF-16 twice",
        "GBK",
        "GBK like UTF-8",
        "UTF-8",
        "an old western line",
        "cut in a letter",
    ],
)
def test_each_line_is_read_in_its_encoding(data, text, mixed, damaged):
    found = decoded(data)
    assert (found.text, found.mixed, found.damaged) == (text, mixed, damaged)


@pytest.mark.parametrize("first", ["utf-16", "utf-8-sig", "gbk"])
def test_utf16_joined_with_another_is_refused(first):
    second = "utf-16" if first != "utf-16" else "utf-8"
    with pytest.raises(Unreadable):
        decoded((HEAD + DONE * 9).encode(first) + (CLOSED * 9).encode(second))


def test_both_are_reported(folder):
    found = folder(
        {
            "joined.csv": (HEAD + DONE).encode() + CLOSED.encode("gbk"),
            "damaged.csv": (HEAD + DONE + CLOSED).encode() + b"3,\xff\xfe,2025-03-06,Boot,9\r\n",
            "gbk.csv": (HEAD + CLOSED).encode("gbk"),
        }
    )
    assert list(found["joined.csv"].tables[0].columns["status"]) == ["交易成功", "交易关闭"]
    assert {name: codes(reading) for name, reading in found.items() if name} == {
        "joined.csv": ["file.encodings"],
        "damaged.csv": ["file.letters"],
        "gbk.csv": [],
    }
