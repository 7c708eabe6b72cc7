"""The reading process: files in, documents out, over two pipes. Nothing here is shared with the process that asked.

A message is eight bytes of length and so many bytes; a request is a JSON header and the file, an answer is JSON. JSON,
not pickle: what a hostile file might make of this process must stay data for the other one.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import IO

from validator.document import Place, RawDocument
from validator.errors import LoadError
from validator.loaders.table import is_converted, load
from validator.options import Limits

_OCR_MEMORY = 6
"""Recognising pictures takes so many times the memory of reading text."""


def write_message(stream: IO[bytes], data: bytes) -> None:
    """Write one message."""
    stream.write(len(data).to_bytes(8, "big"))
    stream.write(data)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes | None:
    """Read one message; ``None`` when the other side is gone."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "big")
    data = stream.read(size)
    return data if len(data) == size else None


def encode_document(raw: RawDocument) -> bytes:
    """Return a document as JSON."""
    fields = {f: getattr(raw, f) for f in ("name", "sha256", "text", "places", "hints", "meta", "reading")}
    return json.dumps({"raw": fields}, ensure_ascii=True).encode()


def decode_answer(data: bytes) -> RawDocument:
    """Return the document of an answer.

    Raises:
        LoadError: the answer says that the file cannot be read.
    """
    answer = json.loads(data)
    if "error" in answer:
        raise LoadError(str(answer["error"]))
    raw = answer["raw"]
    places = tuple(Place(*p) for p in raw["places"])
    hints = tuple((int(a), int(b)) for a, b in raw["hints"])
    meta = tuple((str(a), str(b)) for a, b in raw["meta"])
    return RawDocument(raw["name"], raw["sha256"], raw["text"], places, hints=hints, meta=meta, reading=raw["reading"])


def encode_request(name: str, limits: Limits, *, ocr: bool) -> bytes:
    """Return the header that goes before a file."""
    return json.dumps({"name": name, "limits": asdict(limits), "ocr": ocr}).encode()


def answer_one(header: bytes, data: bytes) -> bytes:
    """Read one file; whatever goes wrong becomes an answer."""
    request = json.loads(header)
    name, limits, ocr = request["name"], Limits(**request["limits"]), request["ocr"]
    try:
        _limit_memory(0 if is_converted(name, data) else limits.memory_mib * (_OCR_MEMORY if ocr else 1))
        return encode_document(load(name, data, limits, ocr=ocr))
    except LoadError as exc:
        message = str(exc)
    except MemoryError:
        message = f"读这个文件要用的内存超过 {limits.memory_mib} 兆字节，已停止。文件可能已损坏。"
    except RecursionError:
        message = "文件的层次太深，读不出来。"
    except Exception as exc:  # a broken file must not end the reading of the others
        message = f"读这个文件时程序出错（{type(exc).__name__}），请报告给维护者。"
    return json.dumps({"error": message}).encode()


def _limit_memory(mebibytes: int) -> None:
    """Set how much memory this process may ask for (0: as much as it may); not every system knows such a limit."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = mebibytes * 1024 * 1024 if mebibytes else hard
    if hard != resource.RLIM_INFINITY and soft > hard:
        soft = hard
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until the other side is gone."""
    while (header := read_message(requests)) is not None and (data := read_message(requests)) is not None:
        write_message(answers, answer_one(header, data))


def main() -> None:
    """Serve on standard input and output; what libraries print goes nowhere near the answers."""
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
