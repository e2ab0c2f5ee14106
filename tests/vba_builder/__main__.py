"""Write the projects into the package and the templates into ``xlsx_templates``: ``python -m vba_builder``."""

from __future__ import annotations

from pathlib import Path

from opsbook.integrations import vba
from opsbook.integrations.vba import build_templates
from vba_builder import projects

folder = Path(vba.__file__).with_name("projects")
folder.mkdir(exist_ok=True)
for name, content in projects().items():
    (folder / name).write_bytes(content)
build_templates.main(Path(__file__).parents[2] / build_templates.FOLDER)
