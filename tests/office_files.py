"""Files that only an office program writes: a small Word file, saved by it in another format."""

from __future__ import annotations

import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.docx_files import build_docx
from validator.loaders.office import find_office


@cache
def save_as(ending: str, body: str) -> bytes:
    """Return a document with a body of Word XML in the format of an ending (``.doc``, ``.odt``, ``.rtf``)."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "report.docx")
        source.write_bytes(build_docx(body))
        profile = Path(folder, "profile").as_uri()
        command = [str(find_office()), f"-env:UserInstallation={profile}", "--headless", "--convert-to", ending[1:]]
        subprocess.run([*command, "--outdir", f"{folder}/made", str(source)], capture_output=True, check=True)
        return Path(folder, "made", f"report{ending}").read_bytes()
