"""The figures of the formulas in `formulas.py` as a script: pandas reads the raw sheet, adds up, openpyxl writes.

Run: ``python plain_orders.py BOOK OUT``.
"""

import sys

import pandas as pd

lines = pd.read_excel(sys.argv[1], sheet_name="raw", dtype={"order": str, "buyer": str, "product": str})
paid = lines[lines["status"] == "交易成功"]
months, products, buyers = (
    paid.groupby(by).agg(amount=("amount", "sum"), lines=("amount", "size"), orders=("order", "nunique"))
    for by in ("month", "product", "buyer")
)
best = products["amount"].nlargest(10)
again = pd.DataFrame({"share": [(buyers["orders"] > 1).mean()]})
with pd.ExcelWriter(sys.argv[2], engine="openpyxl") as book:
    months.to_excel(book, sheet_name="figures", header=False)
    products.to_excel(book, sheet_name="products")
    pd.DataFrame({"amount": best, "share": best / products["amount"].sum()}).to_excel(book, sheet_name="best")
    buyers.to_excel(book, sheet_name="buyers")
    again.to_excel(book, sheet_name="again")
