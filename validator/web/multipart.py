"""The body of a form → its fields and files, piece by piece: a file is handed on as it comes, never held whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from validator.errors import ValidatorError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartParser

_MOST_FIELDS = 20
_MOST_FIELD = 1024
_MOST_HEADER = 4096
_MALFORMED = "上传的内容不完整，或者不是表单。"


class FormError(ValidatorError):
    """A form cannot be taken in. ``status`` is that of the answer; ``retry_after`` seconds it may be tried again."""

    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class Sink(Protocol):
    """Where the bytes of a file go."""

    def write(self, data: bytes) -> None:
        """Take some bytes."""

    def finish(self) -> None:
        """Learn that there are no more."""


class FormReader:
    """Reads a form of the kind that holds files."""

    def __init__(self, content_type: str, open_file: Callable[[str, str], Sink]) -> None:
        """Prepare.

        Args:
            content_type: the header of the request.
            open_file: is told the name of the field and of the file, and returns where its bytes go.

        Raises:
            FormError: it is no such form.
        """
        from python_multipart.multipart import MultipartParser, parse_options_header

        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data":
            raise FormError(415, "请用表单（multipart/form-data）上传文件。")
        if not 0 < len(boundary) <= 200:
            raise FormError(400, _MALFORMED)
        self.fields: dict[str, str] = {}
        self._open_file = open_file
        self._ended = False
        self._clear()
        self._parser: MultipartParser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._clear,
                "on_part_data": self._take,
                "on_part_end": self._finish,
                "on_header_field": self._take_header_name,
                "on_header_value": self._take_header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._open,
                "on_end": self._end,
            },
        )

    def write(self, data: bytes) -> None:
        """Take a piece of the body.

        Raises:
            FormError: it is malformed, or holds too many fields.
        """
        from python_multipart.exceptions import FormParserError

        try:
            self._parser.write(data)
        except (FormParserError, ValueError) as exc:
            raise FormError(400, _MALFORMED) from exc

    def finish(self) -> dict[str, str]:
        """Return the fields.

        Raises:
            FormError: the body ended too early.
        """
        if not self._ended:
            raise FormError(400, _MALFORMED)
        return self.fields

    def _clear(self) -> None:
        self._header_name = b""
        self._header_value = b""
        self._disposition = b""
        self._name = ""
        self._value = b""
        self._sink: Sink | None = None
        self._skips = False

    def _take_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]
        self._require(len(self._header_name) <= _MOST_HEADER)

    def _take_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]
        self._require(len(self._header_value) <= _MOST_HEADER)

    def _end_header(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._disposition = self._header_value
        self._header_name = self._header_value = b""

    def _open(self) -> None:
        from python_multipart.multipart import parse_options_header

        _, options = parse_options_header(self._disposition)
        self._require(b"name" in options)
        self._name = _decode(options[b"name"])
        if b"filename" not in options:
            self._require(len(self.fields) < _MOST_FIELDS and self._name not in self.fields)
        elif options[b"filename"]:
            self._sink = self._open_file(self._name, _decode(options[b"filename"]))
        else:
            self._skips = True  # what a browser sends where no file was chosen

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._sink is not None:
            self._sink.write(data[start:end])
        else:
            self._value += data[start:end]
            self._require(len(self._value) <= _MOST_FIELD)

    def _finish(self) -> None:
        if self._sink is not None:
            self._sink.finish()
            self._sink = None
        elif not self._skips:
            self.fields[self._name] = _decode(self._value)

    def _end(self) -> None:
        self._ended = True

    @staticmethod
    def _require(fits: bool) -> None:
        if not fits:
            raise FormError(400, _MALFORMED)


def _decode(data: bytes) -> str:
    """Return words of a form: UTF-8, as browsers send them, else GB 18030, as older programs do."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
