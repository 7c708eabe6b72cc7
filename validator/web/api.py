"""The HTTP interface for other programs: check files, read the checklist, see whether the server is well."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import TypeAdapter

from validator import __version__
from validator.options import CheckOptions
from validator.recipe import Recipe
from validator.result import FORMAT_VERSION, RuleSetId, RunResult
from validator.settings.keys import KEYS
from validator.web.batches import ClientGone, check_uploads, while_connected
from validator.web.multipart import FormError
from validator.web.rule_list import RuleEntry, RuleListing, list_rules

router = APIRouter()
_FIELDS: dict[str, tuple[str, dict[str, Any]]] = {
    "profile": ("方案的名称，例如 default 或 statutory。不写就按启动时的方案。", {"type": "string"}),
    "year": ("报告年度，例如 2023。报告里没有写明时用。", {"type": "integer", "minimum": 2000, "maximum": 2100}),
    "organ_level": (
        "单位层级。不写就按报告里的单位名称判断。",
        {"type": "string", "enum": ["province", "city", "county", "township", "department", "zone", "other"]},
    ),
    "region": ("单位所在的省、市，例如 江东省江州市。不写就不分地区。", {"type": "string", "maxLength": 100}),
    "enforcement": ("单位有没有行政执法职能。", {"type": "string", "enum": ["yes", "no", "unknown"]}),
    "as_of": ("按哪一天的规定检查。不写就按报告年度的最后一天。", {"type": "string", "format": "date"}),
}
_FORM = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string", "format": "binary"},
                        "description": "报告文件，可以有几个；压缩包（.zip）里的报告逐个检查。",
                    },
                    **{name: {**schema, "description": said} for name, (said, schema) in _FIELDS.items()},
                },
                "additionalProperties": False,
            }
        }
    },
    "required": True,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was not done, in one sentence."""

    detail: str


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the server is well. ``warm``: every process has loaded the rules. ``waiting``: how many tasks wait."""

    ok: bool
    warm: bool
    processes: int
    running: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Version:
    """What answers: the program, the rules, and the version of the result format."""

    program: str
    format_version: str
    ruleset: RuleSetId


def _said(description: str, *, retry: bool = False) -> dict[str, Any]:
    """Return how an answer that is a sentence is described."""
    found: dict[str, Any] = {"model": Problem, "description": description}
    if retry:
        found["headers"] = {"Retry-After": {"description": "过几秒再试", "schema": {"type": "integer"}}}
    return found


_REFUSED: dict[int | str, dict[str, Any]] = {
    401: _said("没有出示口令，或口令不对"),
    403: _said("请求来自别的网页"),
    421: _said("主机名不对"),
    429: _said("试错口令的人太多", retry=True),
}


@router.post(
    "/api/check",
    summary="检查报告",
    description=(
        "上传一个或几个报告文件，或一个压缩包，返回检查结果，和 fazhi check -f json 的输出完全一样。"
        "结论写在 outcome 里：不管报告符合不符合，都返回200。"
        "读不出来的文件、检查超时的文件也是一份结果，outcome 是 error，errors 里说明原因。"
        "文件检查完就删除。"
    ),
    tags=["检查"],
    response_class=Response,
    openapi_extra={"requestBody": _FORM},
    responses={
        200: {
            "description": "检查结果",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RunResult"}}},
        },
        400: _said("表单不对，或某个字段的值不对"),
        408: _said("上传得太慢"),
        413: _said("文件太大，或文件太多"),
        415: _said("不是上传文件的表单"),
        503: _said("现在人多，过 Retry-After 写的秒数再试", retry=True),
        **_REFUSED,
    },
)
async def check(request: Request) -> Response:
    """Check the files of a form."""
    state = request.app.state
    form = await state.uploads.receive_form(request)
    try:
        recipe = choose_recipe(form.fields, state.config.recipe, state.rulesets)
        most = state.config.limits.files_in_archive
        work = check_uploads(state.desk, form.files, recipe, most)
        return Response(await while_connected(request, work), media_type="application/json")
    except ClientGone:
        return Response(status_code=400)
    finally:
        for file in form.files:
            state.uploads.discard(file)


def choose_recipe(fields: Mapping[str, str], base: Recipe, profiles: Collection[str]) -> Recipe:
    """Return the recipe that a form asks for; empty fields ask for nothing.

    Raises:
        FormError: a field is unknown, or its value is wrong.
    """
    known = {name: name.replace("_", "-") for name in _FIELDS}
    options: CheckOptions = base.options
    for name, text in fields.items():
        if name not in _FIELDS:
            raise FormError(400, f"不认识的字段：{_short(name)}。可用：file、{'、'.join(_FIELDS)}。")
        if name != "profile" and text:
            value: object = int(text) if name == "year" and text.isascii() and text.isdigit() else text
            try:
                options = replace(options, **{name: KEYS[known[name]].read(value, Path())})
            except ValueError as exc:
                raise FormError(400, f"字段 {name} {exc}。") from None
    profile = fields.get("profile") or base.profile
    if profile not in profiles:
        raise FormError(400, f"没有名为 {_short(profile)} 的方案，可用：{'、'.join(profiles)}。")
    return replace(base, profile=profile, options=options, with_text=False)


def _short(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text[:40])


@router.get(
    "/api/rules",
    summary="列出全部规则",
    description="按检查清单的顺序列出一个方案的全部规则：编号、名称、分量、依据和范文。",
    tags=["规则"],
    responses={200: {"model": RuleListing, "description": "规则"}, 400: _said("没有这个方案"), **_REFUSED},
    response_class=Response,
)
def rules(
    request: Request, profile: Annotated[str, Query(description="方案的名称。", max_length=100)] = ""
) -> Response:
    """Return the checklist."""
    return _json(RuleListing, _listing(request, profile))


@router.get(
    "/api/rules/{rule_id}",
    summary="查看一条规则",
    description="按编号查看一条规则，例如 P102。",
    tags=["规则"],
    responses={
        200: {"model": RuleEntry, "description": "规则"},
        400: _said("没有这个方案"),
        404: _said("没有这条规则"),
        **_REFUSED,
    },
    response_class=Response,
)
def rule(
    request: Request, rule_id: str, profile: Annotated[str, Query(description="方案的名称。", max_length=100)] = ""
) -> Response:
    """Return one rule."""
    for entry in _listing(request, profile).rules:
        if entry.id == rule_id.upper():
            return _json(RuleEntry, entry)
    raise FormError(404, f"没有编号为 {_short(rule_id)} 的规则。")


def _listing(request: Request, profile: str) -> RuleListing:
    state = request.app.state
    name = profile or state.config.recipe.profile
    if name not in state.rulesets:
        raise FormError(400, f"没有名为 {_short(name)} 的方案，可用：{'、'.join(state.rulesets)}。")
    return list_rules(state.rulesets[name], name)


@router.get(
    "/healthz",
    summary="服务器是否正常",
    description="给监控用，不需要口令。",
    tags=["服务器"],
    responses={200: {"model": Health, "description": "正常"}, 421: _REFUSED[421]},
    response_class=Response,
)
def health(request: Request) -> Response:
    """Return whether the server is well."""
    desk = request.app.state.desk
    return _json(Health, Health(True, desk.is_warm, desk.processes, desk.running, desk.waiting))


@router.get(
    "/version",
    summary="程序和规则的版本",
    description="程序的版本、规则的版本和摘要、结果格式的版本。不需要口令。",
    tags=["服务器"],
    responses={200: {"model": Version, "description": "版本"}, 421: _REFUSED[421]},
    response_class=Response,
)
def version(request: Request) -> Response:
    """Return what answers."""
    state = request.app.state
    ruleset = state.rulesets[state.config.recipe.profile]
    return _json(Version, Version(__version__, FORMAT_VERSION, ruleset.identity))


def _json(kind: Any, value: object) -> Response:
    return Response(_adapter(kind).dump_json(value), media_type="application/json")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Return what writes one of the few kinds of answers."""
    return TypeAdapter(kind)


def describe_result() -> dict[str, Any]:
    """Return the schema of the result and of what it is made of, by name."""
    whole = TypeAdapter(RunResult).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = whole.pop("$defs", {})
    return {**parts, "RunResult": whole}
