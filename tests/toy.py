"""A toy language model with tagger, parser and ner, packed as a wheel: it stands in for the official one."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from validator.nlp.model import NAME, VERSION, WHEEL

TEXT = "云溪镇召开会议"
DATA = f"{NAME}/{NAME}-{VERSION}/"
DIST_INFO = f"{NAME}-{VERSION}.dist-info/"
Members = dict[str, bytes]


def build_members(folder: Path) -> Members:
    """Return the files of a toy wheel, laid out as ``spacy package`` does it; ``folder`` is for its data."""
    _build_toy(folder)
    meta = (folder / "meta.json").read_bytes()
    files = {
        f"{NAME}/__init__.py": b"raise SystemExit('the code of a wheel must never run')\n",
        f"{NAME}/meta.json": meta,
        f"{DIST_INFO}METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n".encode(),
        f"{DIST_INFO}WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{DIST_INFO}entry_points.txt": f"[spacy_models]\n{NAME} = {NAME}\n".encode(),
        f"{DIST_INFO}top_level.txt": NAME.encode(),
        f"{DIST_INFO}RECORD": b"",
    }
    data = sorted(path for path in folder.rglob("*") if path.is_file())
    return {**files, **{DATA + path.relative_to(folder).as_posix(): path.read_bytes() for path in data}}


def _build_toy(folder: Path) -> None:
    import spacy
    from spacy.training import Example
    from thinc.api import fix_random_seed

    fix_random_seed(0)
    small = {"tok2vec": {"width": 8, "depth": 1, "embed_size": 16}}
    nlp = spacy.blank("zh", meta={"name": "core_web_sm", "version": VERSION})
    for name in ("tagger", "parser", "ner"):
        nlp.add_pipe(name, config={"model": small})
    gold = {
        "tags": ["NR", "NR", "NN", "VV", "VV", "NN", "NN"],
        "heads": [1, 2, 3, 3, 3, 6, 3],
        "deps": ["compound", "compound", "nsubj", "ROOT", "dep", "compound", "dobj"],
        "entities": ["B-GPE", "I-GPE", "L-GPE", "O", "O", "O", "O"],
    }
    nlp.initialize(lambda: [Example.from_dict(nlp.make_doc(TEXT), gold) for _ in range(2)])
    nlp.to_disk(folder)


def pack(folder: Path, files: Members, name: str = WHEEL) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        for member, data in files.items():
            archive.writestr(member, data)
    return folder / name


def digest(wheel: Path) -> str:
    return hashlib.sha256(wheel.read_bytes()).hexdigest()
