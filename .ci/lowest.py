"""Print the lowest version of every library that pyproject.toml promises to work with, as pip's constraints."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads(Path(__file__).parent.with_name("pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
for requirement in project["dependencies"]:
    name, version = re.match(r"([\w.-]+)(?:>=|==)([\w.]+)", requirement).groups()
    print(f"{name}=={version}")
