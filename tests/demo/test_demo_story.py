"""The figures: the files agree with each other, and the store is the small B2B store it claims to be."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from demo.readers import moment, order_lines, records

NOT_SALES = {"交易关闭", "待付款"}


def number(text):
    return int(float(text))


@pytest.fixture(scope="session")
def months(folder):
    return {row["统计日期"]: row for row in records(folder, "店铺数据概览-按月.csv", "统计日期")}


def products(folder, last_day):
    return records(folder, f"Products-{last_day}.xls", "产品ID")


def month_end(label):
    year, month = map(int, label.split("-"))
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def test_months_are_all_there(months):
    assert min(months) == "2025-01"
    assert max(months) == "2026-09"
    assert len(months) == 21


@pytest.mark.parametrize(
    "header", ["全店曝光次数", "全店点击次数", "营销曝光次数", "搜索曝光次数", "标准推广曝光次数"]
)
def test_product_files_add_up_to_the_shop(folder, months, header):
    for label, row in months.items():
        assert sum(number(line[header]) for line in products(folder, month_end(label))) == number(row[header])


def test_weeks_and_days_add_up_for_counts_and_not_for_persons(folder):
    weeks = {row["统计日期"]: row for row in records(folder, "店铺数据概览.xlsx", "统计日期", "周")}
    days = {row["统计日期"]: row for row in records(folder, "店铺数据概览.xlsx", "统计日期", "日")}
    assert len(weeks) == 26
    assert len(days) == 58  # sixty less two that nobody copied
    compared = 0
    for label, row in weeks.items():
        start = date.fromisoformat(label[:10])
        assert start.weekday() == 6  # Sunday
        own = [days.get(str(start + timedelta(days=offset))) for offset in range(7)]
        if None in own:
            continue
        compared += 1
        for header in ("全店曝光次数", "询盘个数", "信保交易订单个数"):
            assert sum(number(day[header]) for day in own) == number(row[header])
        assert sum(number(day["店铺访问人数"]) for day in own) > number(row["店铺访问人数"])
    assert compared >= 5


def test_a_week_file_of_products_is_the_week_of_the_shop(folder):
    weeks = {row["统计日期"]: row for row in records(folder, "店铺数据概览.xlsx", "统计日期", "周")}
    shop = weeks["2026-09-13~2026-09-19"]
    lines = products(folder, "2026-09-19")
    assert sum(number(line["全店曝光次数"]) for line in lines) == number(shop["全店曝光次数"])
    assert sum(number(line["询盘个数"]) for line in lines) <= number(shop["询盘个数"])


def test_shop_figures_keep_their_order(months):
    for row in months.values():
        value = {
            header: float(text) for header, text in row.items() if header != "统计日期" and "%" not in text
        }
        assert value["询盘人数"] <= value["询盘个数"]
        assert value["询盘人数"] <= value["商机人数"] <= value["询盘人数"] + value["TM咨询人数"]
        assert value["商机人数"] < value["店铺访问人数"]
        assert value["营销曝光次数"] < value["全店曝光次数"]
        assert value["营销曝光次数"] == value["标准推广曝光次数"] + value["全站推曝光次数"]
        assert value["全店点击次数"] < value["全店曝光次数"]
        assert value["信保挂账买家数"] <= value["信保交易订单个数"] <= value["起草订单数"] + 5
        assert 0.6 < value["店铺访问人数"] / value["全店点击次数"] < 1.1


def test_product_figures_keep_their_order(folder, months):
    for label in months:
        for row in products(folder, month_end(label)):
            assert number(row["搜索点击次数"]) <= number(row["搜索曝光次数"]) <= number(row["全店曝光次数"])
            assert number(row["搜索点击次数"]) <= number(row["全店点击次数"]) <= number(row["全店曝光次数"])
            assert number(row["营销点击次数"]) <= number(row["营销曝光次数"]) <= number(row["全店曝光次数"])
            assert number(row["询盘人数"]) <= number(row["询盘个数"])
            assert number(row["询盘人数"]) <= number(row["访问人数"])
            assert row["近90天商机人数"] == "-"


def test_the_store_is_small(months):
    def span(header):
        values = [number(row[header]) for row in months.values()]
        return min(values), max(values)

    for header, low, high in (
        ("全店曝光次数", 200_000, 510_000),
        ("店铺访问人数", 3_000, 8_000),
        ("询盘个数", 35, 120),
        ("信保交易订单个数", 6, 26),
    ):
        least, most = span(header)
        assert low <= least < most <= high, header


def test_season_growth_and_festival_show(months):
    seen = {label: number(row["全店曝光次数"]) for label, row in months.items()}
    by_2025 = sorted((label for label in seen if label.startswith("2025")), key=seen.get)
    assert by_2025[-1] == "2025-09"
    assert "2025-03" in by_2025[-3:]
    assert by_2025[0] == "2025-02"
    shared = [f"{number:02d}" for number in range(1, 10)]
    growth = sum(seen[f"2026-{m}"] for m in shared) / sum(seen[f"2025-{m}"] for m in shared)
    assert 1.12 < growth < 1.28


def test_orders_agree_with_the_shop_but_for_money_paid_back(folder, months):
    paid, received, back = Counter(), defaultdict(Decimal), Counter()
    for lines in order_lines(folder).values():
        head = lines[0]
        if head["付款时间"] == "-":
            assert head["订单状态"] in NOT_SALES
            continue
        label = f"{moment(head['付款时间']):%Y-%m}"
        received[label] += Decimal(head["实收金额"])
        (back if head["订单状态"] == "退款" else paid)[label] += 1
    assert 1 <= sum(back.values()) <= 8
    for label, row in months.items():
        assert paid[label] + back[label] == number(row["信保交易订单个数"]), label
        if back[label]:
            assert received[label] < Decimal(row["信保交易金额(美元)"])
        else:
            assert received[label] == Decimal(row["信保交易金额(美元)"]), label


def test_amounts_of_an_order_add_up(folder):
    several = 0
    for order_id, lines in order_lines(folder).items():
        assert len(order_id) == 18
        assert order_id.isdigit()
        head, *rest = lines
        assert all(line["订单金额"] == line["实收金额"] == line["运费"] == "" for line in rest)
        several += bool(rest)
        for line in lines:
            assert Decimal(line["单价"]) * int(line["数量"]) == Decimal(line["产品总价"])
        goods = sum(Decimal(line["产品总价"]) for line in lines)
        assert goods + Decimal(head["运费"]) - Decimal(head["优惠金额"]) == Decimal(head["订单金额"])
        tag = {line["订单标签"] for line in lines}
        assert tag in ({"ta,ready_to_ship"}, {"ta,customization"})
    assert several > 20


def by_order(folder, name):
    found = defaultdict(list)
    for row in records(folder, name, "订单号"):
        found[row["订单号"]].append(row)
    return found


def test_the_corrected_export_is_newer_where_it_differs(folder):
    first = by_order(folder, "信保订单-2025Q3.csv")
    again = by_order(folder, "信保订单-2025Q3 更正.csv")
    changed = 0
    for order_id in first.keys() & again.keys():
        old, new = first[order_id][0], again[order_id][0]
        if old["订单金额"] != new["订单金额"]:
            changed += 1
            assert moment(new["更新时间"]) > moment(old["更新时间"])
            assert old["实收金额"] == old["订单金额"]
            assert new["实收金额"] == new["订单金额"]
    assert changed == 4


def test_order_exports_overlap_and_the_same_moment_means_the_same_row(folder):
    seen = defaultdict(set)
    files = defaultdict(set)
    for path in folder.glob("信保订单-*.csv"):
        for order_id, lines in by_order(folder, path.name).items():
            key = order_id.strip('="')
            files[key].add(path.name)
            rows = tuple(tuple(value.strip('="') for value in line.values()) for line in lines)
            seen[key, lines[0]["更新时间"]].add(rows)
    assert sum(len(names) > 1 and not any("更正" in name for name in names) for names in files.values()) > 3
    assert all(len(versions) == 1 for versions in seen.values())


def test_customers_come_back(folder):
    buyers = defaultdict(set)
    for lines in order_lines(folder).values():
        if lines[0]["订单状态"] not in NOT_SALES | {"退款"}:
            buyers[moment(lines[0]["付款时间"]).year].add(lines[0]["买家ID"])
    assert 0.18 < len(buyers[2025] & buyers[2026]) / len(buyers[2025]) < 0.33


def test_ad_reports_agree_with_the_shop(folder, months):
    flat = records(folder, "plan.xlsx", "日期")
    head, *rows = flat
    assert head["日期"] == "汇总"
    assert sum(Decimal(row["花费"].strip("¥")) for row in rows) == Decimal(head["花费"].strip("¥"))
    for label in ("2026-07", "2026-08", "2026-09"):
        own = sum(number(row["曝光量"]) for row in rows if row["日期"].startswith(label))
        assert own == number(months[label]["营销曝光次数"])
    for half, labels in (("2025-07-04", range(1, 7)), ("2026-01-04", range(7, 13))):
        name = f"全站推广报表-{half} 15_39_27.zip"
        top = records(folder, name, "日期", "全站推广-爆品 Demo2")[0]
        assert top["日期"] == "汇总"
        shown = sum(number(months[f"2025-{m:02d}"]["全站推曝光次数"]) for m in labels)
        assert number(top["曝光量"]) == shown


def test_the_sellers_own_table_is_the_month_it_says(folder, months):
    rows = records(folder, "2025年5月店铺数据.xlsx", "日期")
    assert rows[-1]["日期"] == "本月合计"
    assert number(rows[-1]["周累计曝光量（个）"]) == number(months["2025-05"]["全店曝光次数"])
    days = [row for row in rows if "合计" not in row["日期"]]
    assert [row["日期"] for row in days][:10] == ["5.1", *(f"5.{day}" for day in range(2, 10)), "5.1"]
    assert len(days) == 31
    sums = [number(row["周累计曝光量（个）"]) for row in rows if row["日期"] == "合计"]
    assert sum(sums) == number(months["2025-05"]["全店曝光次数"])


def test_inquiries_of_the_list_are_beijings_view_of_the_same_year(folder, months):
    rows = records(folder, "询盘数据-2026-09-30.xls", "询价单号")
    days = [date(*map(int, row["创建时间"].split()[0].split("/"))) for row in rows]
    assert max(days) <= date(2026, 9, 30)
    for label in ("2026-03", "2026-06"):
        listed = sum(f"{day:%Y-%m}" == label for day in days)
        # A month in Beijing begins 15 or 16 hours before the Pacific one.
        assert abs(listed - number(months[label]["询盘个数"])) <= 8
    assert len({row["询价单号"] for row in rows}) == len(rows)
    assert all(row["电子邮箱"].endswith("@example.com") for row in rows)


def test_some_products_have_no_effect_and_new_ones_come_every_quarter(folder):
    active = Counter()
    for month in range(4, 10):
        for row in products(folder, month_end(f"2026-{month:02d}")):
            headers = ("全店点击次数", "访问人数", "询盘个数", "TM咨询人数", "提交订单个数 ")
            active[row["产品ID"]] += sum(number(row[header]) for header in headers)
    idle = {product for product, total in active.items() if not total}
    catalogue = records(folder, "all-products-2026-09-30.xls", "产品ID")
    listed = {row["产品ID"]: date.fromisoformat(row["上架时间"]) for row in catalogue}
    assert len(listed) == 64
    assert len(idle) == 7
    assert all((date(2026, 9, 30) - listed[product]).days > 180 for product in idle)
    quarters = Counter(
        f"{day.year}Q{(day.month + 2) // 3}" for day in listed.values() if day >= date(2025, 1, 1)
    )
    assert set(quarters) == {f"2025Q{n}" for n in (1, 2, 3, 4)} | {f"2026Q{n}" for n in (1, 2, 3)}
    earlier = {row["产品ID"] for row in records(folder, "all-products-2026-01-05.xls", "产品ID")}
    assert earlier == {product for product, day in listed.items() if day <= date(2026, 1, 5)}


def test_ranks_are_page_and_place(folder):
    paths = sorted(folder.glob("关键词排名-*.csv"))
    assert len(paths) == 8
    firsts = []
    for path in (paths[0], paths[-1]):
        rows = records(folder, path.name, "关键词")
        assert len({row["关键词"] for row in rows}) == 21
        ranks = [row["产品排名"] for row in rows if row["产品排名"] != "-"]
        assert all(1 <= int(rank.split(".")[1]) <= 48 and len(rank.split(".")[1]) == 2 for rank in ranks)
        firsts.append(sum(rank.startswith("1.") for rank in ranks))
    assert firsts[1] > firsts[0]
