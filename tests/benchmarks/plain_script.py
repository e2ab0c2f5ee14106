"""(b) What a handy colleague would write: pandas reads with the engine it takes by default, adds up, openpyxl writes.

Run: ``python plain_script.py EXPORTS OUT [ENGINE]``; ``calamine`` reads faster than the default, for who knows of it.
"""

import re
import sys
from pathlib import Path

import openpyxl
import pandas as pd

folder = Path(sys.argv[1])
engine = sys.argv[3] if len(sys.argv) > 3 else None
products, words = [], []
for path in sorted(folder.glob("*.xls")):
    sheet = pd.read_excel(path, header=None, dtype=str, engine=engine)
    start = re.search(r"\d{4}-\d\d-\d\d", sheet.iloc[0, 0])[0]
    frame = sheet[6:].set_axis(sheet.iloc[5].str.strip(), axis=1).assign(week=start)
    (products if path.name.startswith("Products") else words).append(frame)
frame = pd.concat(products)
for name in (
    "搜索曝光次数",
    "搜索点击次数",
    "访问人数",
    "询盘个数",
    "TM咨询人数",
    "全店曝光次数",
    "营销曝光次数",
    "提交订单个数",
):
    frame[name] = pd.to_numeric(frame[name], errors="coerce")
weekly = frame.groupby("week")[
    ["搜索曝光次数", "搜索点击次数", "访问人数", "询盘个数", "TM咨询人数", "全店曝光次数"]
].sum()
effect = (
    frame.groupby("产品ID")[["搜索点击次数", "访问人数", "询盘个数", "TM咨询人数", "提交订单个数"]]
    .sum()
    .sum(axis=1)
)
keywords = pd.concat(words)
keywords["曝光量"] = pd.to_numeric(keywords["曝光量"], errors="coerce")
by_word = keywords.groupby("词")["曝光量"].sum()
orders = pd.read_csv(folder / "orders.csv", dtype=str)
orders["实收金额"] = pd.to_numeric(orders["实收金额"])
orders["month"] = pd.to_datetime(orders["付款时间"]).dt.strftime("%Y-%m")
paid = orders[orders["订单状态"] == "交易成功"]
monthly = paid.groupby("month").agg(
    amount=("实收金额", "sum"), orders=("订单号", "nunique"), buyers=("买家ID", "nunique")
)
top = paid.groupby("产品ID")["实收金额"].sum().nlargest(10)
book = openpyxl.Workbook()
for title, table in {
    "weekly": weekly,
    "monthly": monthly,
    "top": top.to_frame(),
    "words": by_word.to_frame(),
}.items():
    sheet = book.create_sheet(title)
    for row in [
        list(table.columns),
        *([index, *map(float, cells)] for index, cells in zip(table.index, table.to_numpy())),
    ]:
        sheet.append(row)
book["monthly"].append(["zero effect", float((effect == 0).mean())])
book.save(sys.argv[2])
