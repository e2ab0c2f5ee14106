"""The tables of the READMEs that are made from the declared data.

``PYTHONPATH=tests python tests/contracts/readme_tables.py`` writes them.
"""

import re
from pathlib import Path

from contracts.libraries import family, needed

from opsbook.functions import FUNCTIONS
from opsbook.metrics.catalogue import metrics
from opsbook.schemas import schemas

ROOT = Path(__file__).parents[2]


def kinds(language):
    heads = {
        "en": "| kind | what | headers (of replies in JSON: fields), for example |",
        "zh": "| 类型 | 内容 | 表头（JSON 回复为字段名）举例 |",
    }
    rows = [heads[language], "|---|---|---|"]
    for schema in schemas().values():
        shown = [field for field in schema.fields[:5] if not field.private]
        examples = "、".join((field.headers or field.json)[0] for field in shown)
        rows.append(f"| `{schema.kind}` | {schema.title[language]} | {examples} |")
    return "\n".join(rows)


def metric_table():
    rows = ["| id | 名称 | definition | from | unit | by |", "|---|---|---|---|---|---|"]
    for metric in metrics().values():
        needs, grains = ", ".join(metric.needs), ", ".join(metric.grains)
        rows.append(
            f"| `{metric.id}` | {metric.title.zh} | {metric.definition} | {needs} | {metric.unit} | {grains} |"
        )
    return "\n".join(rows)


def function_table():
    rows = ["| subject | functions |", "|---|---|"]
    for subject in dict.fromkeys(each.category for each in FUNCTIONS.values()):
        names = ", ".join(f"`{each.name}`" for each in FUNCTIONS.values() if each.category == subject)
        rows.append(f"| {subject} | {names} |")
    return "\n".join(rows)


def libraries():
    rows = ["| library | versions | licence | for |", "|---|---|---|---|"]
    rows += [f"| {name} | {versions} | {family(name)} | {reason} |" for name, versions, reason in needed()]
    return "\n".join(rows)


TABLES = {
    "README.md": {
        "kinds": lambda: kinds("en"),
        "metrics": metric_table,
        "functions": function_table,
        "libraries": libraries,
    },
    "README.zh-CN.md": {"kinds": lambda: kinds("zh")},
}


def filled(name):
    """Return the text of a README with its tables as they should be."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for mark, table in TABLES[name].items():
        block = f"<!-- {mark} -->\n{table()}\n<!-- /{mark} -->"
        text, found = re.subn(
            rf"<!-- {mark} -->.*?<!-- /{mark} -->", lambda _, block=block: block, text, flags=re.DOTALL
        )
        if found != 1:
            raise ValueError(f"{name} has {found} places marked {mark}")
    return text


if __name__ == "__main__":
    for readme in TABLES:
        (ROOT / readme).write_text(filled(readme), encoding="utf-8")
