"""Make the archive of the demonstration store anew: ``python -m demo.generator`` (with ``tests`` on the path)."""

import io
import lzma
import tarfile
from datetime import date
from pathlib import Path

from demo.generator.exports import all_exports
from demo.generator.store import simulate

from opsbook import demo

SEED = 2026
LAST_DAY = date(2026, 9, 30)


def packed(exports):
    """Return the archive of some exports; nothing of this machine is in it."""
    stream = io.BytesIO()
    with (
        lzma.open(stream, "wb", preset=9 | lzma.PRESET_EXTREME) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for export in exports:
            member = tarfile.TarInfo(export.name)
            member.size = len(export.content)
            member.mtime = int(export.downloaded.timestamp())
            archive.addfile(member, io.BytesIO(export.content))
    return stream.getvalue()


if __name__ == "__main__":
    target = Path(demo.__file__).with_name(demo.ARCHIVE)
    target.write_bytes(packed(all_exports(simulate(SEED, LAST_DAY))))
