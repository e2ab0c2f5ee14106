"""What an upgrade did, for people and programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from opsbook.backends.upgrade.steps import Step
from opsbook.domain.issues import Issue
from opsbook.domain.language import Text

_KINDS = (
    ("sheets_added", Text("新增工作表 {} 个", "{} sheets added")),
    ("blocks_added", Text("新增区块 {} 个", "{} blocks added")),
    ("blocks_removed", Text("移除区块 {} 个", "{} blocks removed")),
    ("inputs_added", Text("新增填写项 {} 个", "{} input cells or tables added")),
    ("rows_added", Text("新增 {} 行", "{} rows added")),
    ("rows_removed", Text("移除 {} 行", "{} rows removed")),
    ("columns_added", Text("新增 {} 列", "{} columns added")),
    ("columns_removed", Text("移除 {} 列", "{} columns removed")),
    ("charts_added", Text("新增图表 {} 个", "{} charts added")),
    ("charts_removed", Text("移除图表 {} 个", "{} charts removed")),
    ("colours_added", Text("新增条件格式 {} 处", "{} conditional formats added")),
    ("formats_changed", Text("更新单元格格式 {} 处", "{} cell formats changed")),
    ("labels_written", Text("更新说明文字 {} 处", "{} labels written")),
)


@dataclass(frozen=True)
class UpgradeOutcome:
    """What an upgrade did.

    Attributes:
        before: Layout that the workbook had: ``1`` of version 0.1.0, later ones a digest.
        after: That of this version.
        done: How many of each kind were added or removed.
        issues: What stood in the way.
        failed: Names of blocks that could not be added or changed; their issues are among ``issues``.
        steps: What was done, in order.
        template: The template that cells and sheets were taken from.
    """

    before: str
    after: str
    done: Counter[str] = field(default_factory=Counter)
    issues: Sequence[Issue] = ()
    failed: frozenset[str] = frozenset()
    steps: Sequence[Step] = ()
    template: bytes = b""

    @property
    def line(self) -> Text:
        """What was done, in one line."""
        zh = (
            "，".join(text.zh.format(self.done[kind]) for kind, text in _KINDS if self.done[kind])
            or "只更新了版本标记"
        )
        en = (
            ", ".join(text.en.format(self.done[kind]) for kind, text in _KINDS if self.done[kind])
            or "only its mark"
        )
        return Text(
            f"工作簿已从布局 {self.before} 升级到 {self.after}：{zh}。",
            f"The workbook was brought from layout {self.before} to {self.after}: {en}.",
        )
