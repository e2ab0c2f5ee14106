"""The tables of the help pages that are made from the declared data.

``PYTHONPATH=tests python tests/contracts/help_tables.py`` writes them.
"""

import re
from pathlib import Path

from contracts.libraries import family, needed

from opsbook.functions import FUNCTIONS
from opsbook.metrics.catalogue import metrics
from opsbook.schemas import schemas

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "opsbook/help"


def kinds(language):
    heads = {
        "en": "| kind | what | headers (of replies in JSON: fields), for example |",
        "zh": "| 类型 | 内容 | 表头（JSON 回复为字段名）举例 |",
    }
    rows = [heads[language], "|---|---|---|"]
    for schema in schemas().values():
        shown = [field for field in schema.fields[:5] if not field.private and "@key" not in field.json]
        examples = "、".join(field.label for field in shown)
        rows.append(f"| `{schema.kind}` | {schema.title[language]} | {examples} |")
    return "\n".join(rows)


def metric_table(language):
    heads = {
        "en": "| id | 名称 | definition | from | unit | by |",
        "zh": "| id | 名称 | 定义 | 来自 | 单位 | 周期 |",
    }
    rows = [heads[language], "|---|---|---|---|---|---|"]
    for metric in metrics().values():
        needs, grains = ", ".join(metric.needs), ", ".join(metric.grains)
        text = metric.definition[language]
        rows.append(f"| `{metric.id}` | {metric.title.zh} | {text} | {needs} | {metric.unit} | {grains} |")
    return "\n".join(rows)


def function_table(language):
    heads = {"en": "| subject | functions |", "zh": "| 类别 | 函数 |"}
    rows = [heads[language], "|---|---|"]
    for subject in dict.fromkeys(each.category for each in FUNCTIONS.values()):
        names = ", ".join(f"`{each.name}`" for each in FUNCTIONS.values() if each.category == subject)
        rows.append(f"| {subject} | {names} |")
    return "\n".join(rows)


def libraries():
    rows = ["| library | versions | licence | for |", "|---|---|---|---|"]
    rows += [f"| {name} | {versions} | {family(name)} | {reason} |" for name, versions, reason in needed()]
    return "\n".join(rows)


TABLES = {
    "en/exports.md": {"kinds": lambda: kinds("en")},
    "en/metrics.md": {"metrics": lambda: metric_table("en")},
    "en/functions.md": {"functions": lambda: function_table("en")},
    "en/contributing.md": {"libraries": libraries},
    "zh/exports.md": {"kinds": lambda: kinds("zh")},
    "zh/metrics.md": {"metrics": lambda: metric_table("zh")},
    "zh/functions.md": {"functions": lambda: function_table("zh")},
}


def filled(name):
    """Return the text of a help page with its tables as they should be."""
    text = (PAGES / name).read_text(encoding="utf-8")
    for mark, table in TABLES[name].items():
        block = f"<!-- {mark} -->\n{table()}\n<!-- /{mark} -->"
        text, places = re.subn(
            rf"<!-- {mark} -->.*?<!-- /{mark} -->", lambda _, block=block: block, text, flags=re.DOTALL
        )
        if places != 1:
            raise ValueError(f"{name} has {places} places marked {mark}")
    return text


if __name__ == "__main__":
    for page in TABLES:
        (PAGES / page).write_text(filled(page), encoding="utf-8")
