"""The help pages: Markdown by language and topic, shown by `opsbook help` and linked from the README."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from opsbook.domain.language import Language, Text

TOPICS = {
    "using": Text(
        "从新建到刷新，收回，副本", "from a new workbook to a refresh, taking back, the copy to hand on"
    ),
    "commands": Text("所有命令", "every command"),
    "exports": Text("认识哪些导出", "the exports that are recognised"),
    "files": Text("不规整的文件怎么处理，什么替换什么", "files as people have them, and what replaces what"),
    "plan": Text("年度规划", "the annual plan"),
    "metrics": Text("每个指标的定义", "the definition of every metric"),
    "functions": Text("单元格函数", "the functions for cells"),
    "excel": Text("在 Excel 里刷新和安装", "Refresh inside Excel"),
    "archive": Text("归档文件", "the archive, and how to query it"),
    "stores": Text("多家店铺", "many stores"),
    "deployment": Text("给没有 Python 的电脑", "PCs without Python"),
    "faq": Text("常见问题", "questions that people ask"),
    "verification": Text("哪些验证过、怎么验证", "what was verified, by what, and what was not"),
    "benchmarks": Text("速度和内存", "time and memory"),
    "contributing": Text("参与开发", "how to add a kind, a metric, a section, a function, a rule, a table"),
    "glossary": Text("术语表", "the terms of the product in both languages"),
    "changelog": Text("版本记录", "what changed in which version"),
}
"""What each page is about, in the order in which they are listed."""


@cache
def page(topic: str, language: Language) -> str:
    """Return the Markdown of a topic, in the other language where it is written in that one alone.

    Raises:
        KeyError: There is no such topic.
    """
    if topic not in TOPICS:
        raise KeyError(topic)
    folder = files(__name__)
    names = [f"{each}/{topic}.md" for each in (language, "en" if language == "zh" else "zh")]
    entry = next(each for name in names if (each := folder.joinpath(name)).is_file())
    return entry.read_text(encoding="utf-8")
