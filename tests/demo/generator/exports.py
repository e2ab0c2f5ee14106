"""All files of the demonstration store, in the order in which they are written."""

from __future__ import annotations

from demo.generator.exports_ads import ad_files, ledger_file
from demo.generator.exports_notes import note_files
from demo.generator.exports_site import channel_file, downloaded, keyword_files, overview_files, product_files
from demo.generator.exports_trade import catalogue_files, inquiry_files, order_files, rank_files
from demo.generator.formats import Export
from demo.generator.store import Store

from opsbook.demo import MARKER_FILE


def all_exports(store: Store) -> list[Export]:
    """Return every export of the store and the file that says that they are made up."""
    return [
        _marker(store),
        *product_files(store),
        *keyword_files(store),
        *overview_files(store),
        channel_file(store),
        ledger_file(store),
        *ad_files(store),
        *order_files(store),
        *inquiry_files(store),
        *catalogue_files(store),
        *rank_files(store),
        *note_files(store),
    ]


def _marker(store: Store) -> Export:
    first, last = store.when.days[0], store.last_day
    text = (
        f"{store.declared.mark}\r\n\r\n"
        f"本文件夹中的全部文件都是虚构的演示数据（{store.declared.shop}），由程序生成，"
        f"不涉及任何真实店铺、买家或产品。数据期间 {first}~{last}。\r\n\r\n"
        "Every file in this folder is demonstration data of an imaginary store, made by a program. "
        f"No real shop, buyer or product is in it. Period {first} to {last}.\r\n"
    )
    return Export(MARKER_FILE, "", text.encode("utf-8-sig"), downloaded(last, 4))
