"""The HTTP interface: the contract of ``fazhi check``, the checklist, and one sentence where something is wrong."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from tests.conftest import SPECIMENS, Run, shipped_rules
from tests.web_client import FORM_TYPE, InlineDesk, ask, build_form
from validator.errors import RuleFileError
from validator.options import CheckOptions, Limits
from validator.recipe import DEFAULT_RECIPE, Recipe
from validator.ruleset import RuleSet, load_ruleset
from validator.web.api import choose_recipe
from validator.web.app import create_app
from validator.web.batches import check_uploads
from validator.web.config import WebConfig, WebLimits
from validator.web.desk import Busy, Died, TimedOut
from validator.web.uploads import Upload

TOKEN = "correct-horse-battery"
SPECIMEN = SPECIMENS / "missing-plan.txt"


@pytest.fixture(scope="module", autouse=True)
def _one_rule_set() -> Iterator[None]:
    """Read the rules once: two profiles of the same rules are enough to choose between."""

    def load(folder: Path | None, profile: str, *, packs: Sequence[Path] = ()) -> RuleSet:
        if packs or profile not in ("default", "statutory"):
            return load_ruleset(folder, profile, packs=packs)
        return shipped_rules()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("validator.web.app.load_ruleset", load)
        yield


@pytest.fixture
def desk() -> InlineDesk:
    return InlineDesk()


def serve(desk: InlineDesk, **given: Any) -> FastAPI:
    return create_app(WebConfig(**given), desk)


@pytest.fixture
def app(desk: InlineDesk) -> FastAPI:
    return serve(desk)


def one(app: FastAPI, method: str, path: str, **more: Any) -> httpx.Response:
    return ask(app, (method, path, more), lives=True)[0]


def check(app: FastAPI, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    return one(app, "POST", "/api/check", content=build_form(files, fields), headers={"Content-Type": FORM_TYPE})


def pack(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_the_answer_is_what_the_command_prints(app: FastAPI, fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "报告.txt").write_bytes(SPECIMEN.read_bytes())
    printed = fazhi("check", "报告.txt", "-f", "json", "--isolated")
    found = check(app, ("报告.txt", SPECIMEN.read_bytes()))
    assert found.status_code == 200
    assert found.headers["content-type"] == "application/json"
    assert found.text == printed.stdout
    assert found.json()["files"][0]["outcome"] == "fail"


def test_facts_are_stated_as_for_the_command(app: FastAPI) -> None:
    data = "云溪镇法治政府建设年度报告\n一、工作情况\n开展执法检查3次。\n".encode()
    assert check(app, ("a.txt", data)).json()["files"][0]["outcome"] == "error"
    stated = check(app, ("a.txt", data), year="2023", organ_level="zone").json()["files"][0]
    assert (stated["facts"]["reporting_year"], stated["facts"]["organ_level"]) == (2023, "zone")


def test_a_form_chooses_the_recipe_and_nothing_else() -> None:
    fields = {"profile": "statutory", "as_of": "2024-03-01", "year": ""}
    chosen = choose_recipe(fields, DEFAULT_RECIPE, ("default", "statutory"))
    assert chosen == replace(DEFAULT_RECIPE, profile="statutory", options=CheckOptions(as_of=date(2024, 3, 1)))
    fields = {"region": "江东省江州市", "enforcement": "no"}
    chosen = choose_recipe(fields, DEFAULT_RECIPE, ("default", "statutory"))
    assert chosen.options == CheckOptions(region="江东省江州市", enforcement="no")


def test_several_files_and_archives_are_one_run_in_order(app: FastAPI) -> None:
    data = SPECIMEN.read_bytes()
    archive = pack(**{"../b.txt": data, "a.txt": data, "图.png": b"x"})
    found = check(app, ("z.txt", b""), ("全县.zip", archive), ("c.txt", data)).json()
    assert [f["path"] for f in found["files"]] == ["z.txt", "全县.zip/a.txt", "全县.zip/b.txt", "c.txt"]
    assert [f["outcome"] for f in found["files"]] == ["error", "fail", "fail", "fail"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.zip", b"PK\x03\x04nonsense", "压缩包"),
        ("a.zip", pack(**{"图.png": b"x"}), "没有可检查的文件"),
        ("a.exe", b"MZ\x90\0\x03\0\0\0" * 20, ""),
        ("a.txt", b"", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_a_result(app: FastAPI, name: str, data: bytes, words: str) -> None:
    found = check(app, (name, data))
    assert found.status_code == 200
    (file,) = found.json()["files"]
    assert (file["path"], file["outcome"]) == (name, "error")
    assert words in file["errors"][0]


def test_nothing_is_left_of_an_upload(app: FastAPI) -> None:
    async def look(request: Request) -> list[str]:
        return [p.name for p in request.app.state.uploads.folder.iterdir()]

    app.add_api_route("/left", look)
    body = build_form([("a.txt", SPECIMEN.read_bytes()), ("b.zip", pack(a=b""))])
    form = {"content": body, "headers": {"Content-Type": FORM_TYPE}}
    wrong = {"content": build_form([("a.txt", b"x")], {"year": "1"}), "headers": {"Content-Type": FORM_TYPE}}
    answers = ask(app, ("POST", "/api/check", form), ("POST", "/api/check", wrong), ("GET", "/left", {}), lives=True)
    assert [a.status_code for a in answers] == [200, 400, 200]
    assert answers[2].json() == ["lock"]
    assert not app.state.uploads.folder.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"year": "23"},
        {"year": "二〇二三"},
        {"organ_level": "village"},
        {"as_of": "2023-13-01"},
        {"profile": "../x"},
        {"x": "y"},
    ],
)
def test_a_wrong_field_is_named(app: FastAPI, fields: dict[str, str]) -> None:
    found = check(app, ("a.txt", b"x"), **fields)
    assert found.status_code == 400
    assert re.search(r"[一-龥]", found.json()["detail"])
    assert next(iter(fields.values())) in found.text or next(iter(fields)) in found.text


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"json": {}}, 415),
        ({"content": build_form(), "headers": {"Content-Type": FORM_TYPE}}, 400),
        (
            {"content": build_form([("a", b"x")]), "headers": {"Content-Type": FORM_TYPE, "Origin": "http://evil.cn"}},
            403,
        ),
        ({"content": b"x" * 70_000}, 413),
    ],
)
def test_what_is_no_upload_is_refused(app: FastAPI, desk: InlineDesk, more: dict[str, Any], status: int) -> None:
    assert one(app, "POST", "/api/check", **more).status_code == status
    assert not desk.done


def test_an_archive_with_too_many_files_is_refused(desk: InlineDesk) -> None:
    app = serve(desk, limits=WebLimits(files_in_archive=2))
    found = check(app, ("a.zip", pack(**{f"{n}.txt": b"x" for n in range(3)})))
    assert (found.status_code, desk.done) == (413, ["list_archive"])


def test_a_full_desk_says_when_to_come_again(app: FastAPI, desk: InlineDesk) -> None:
    desk.refuses.append(Busy(7))
    found = check(app, ("a.txt", b"x"))
    assert (found.status_code, found.headers["retry-after"]) == (503, "7")


@pytest.mark.parametrize(("name", "error"), [("a.txt", TimedOut(5)), ("a.txt", Died()), ("a.zip", TimedOut(5))])
def test_what_ends_its_process_is_a_result_and_the_others_are_checked(
    app: FastAPI, desk: InlineDesk, name: str, error: Exception
) -> None:
    desk.refuses.append(error)
    found = check(app, (name, b"x"), ("b.txt", SPECIMEN.read_bytes())).json()["files"]
    assert [f["outcome"] for f in found] == ["error", "fail"]
    assert found[0]["errors"] == [str(error)]


def test_the_checklist(app: FastAPI) -> None:
    found = one(app, "GET", "/api/rules").json()
    assert [r["id"] for r in found["rules"]] == [r.id for r in shipped_rules().rules]
    rule = one(app, "GET", "/api/rules/p102").json()
    assert rule in found["rules"]
    assert rule["basis"][0]["quote"]
    for path in ("/api/rules/P999", "/api/rules/%2e%2e%2fx"):
        assert one(app, "GET", path).status_code == 404
    assert one(app, "GET", "/api/rules?profile=x").status_code == 400


def test_health_and_version_say_nothing_private(desk: InlineDesk) -> None:
    app = serve(desk, token=TOKEN)
    assert one(app, "GET", "/healthz").json() == {"ok": True, "warm": False, "processes": 2, "running": 0, "waiting": 0}
    version = one(app, "GET", "/version").json()
    assert version["ruleset"]["digest"] == shipped_rules().digest
    assert one(app, "GET", "/api/rules").status_code == 401


def test_the_token_opens_the_door_once_and_the_cookie_keeps_it_open(
    desk: InlineDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("validator.web.access._PENALTY", 0)
    app = serve(desk, token=TOKEN)
    wrong, right, inside, out, outside = ask(
        app,
        ("POST", "/login", {"data": {"token": "wrong"}}),
        ("POST", "/login", {"data": {"token": TOKEN}}),
        ("GET", "/api/rules", {}),
        ("POST", "/logout", {}),
        ("GET", "/api/rules", {}),
        lives=True,
    )
    assert (wrong.status_code, "口令不对" in wrong.text) == (401, True)
    assert (right.status_code, right.headers["location"]) == (303, "/")
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert [r.status_code for r in (inside, out, outside)] == [200, 303, 401]
    foreign = {"data": {"token": TOKEN}, "headers": {"Origin": "http://evil.cn"}}
    assert one(app, "POST", "/login", **foreign).status_code == 403
    assert one(app, "POST", "/login", data={"token": "x" * 5000}).status_code == 413


def test_over_https_the_cookie_is_of_this_site_only(desk: InlineDesk) -> None:
    app = serve(desk, token=TOKEN, behind_proxy=True, allowed_hosts=("fz.cn",))
    headers = {"Host": "fz.cn", "X-Forwarded-Proto": "https", "Origin": "https://fz.cn"}
    cookie = one(app, "POST", "/login", data={"token": TOKEN}, headers=headers).headers["set-cookie"]
    assert cookie.startswith("__Host-fazhi-access=")
    assert "Secure" in cookie


def test_the_description_is_chinese_and_its_page_fetches_nothing(app: FastAPI) -> None:
    described = one(app, "GET", "/openapi.json").json()
    calls = [c for methods in described["paths"].values() for c in methods.values()]
    assert {(p, m) for p, methods in described["paths"].items() for m in methods} == {
        ("/api/check", "post"),
        ("/api/rules", "get"),
        ("/api/rules/{rule_id}", "get"),
        ("/healthz", "get"),
        ("/version", "get"),
    }
    for call in calls:
        assert re.search(r"[一-龥]", call["summary"])
        assert re.search(r"[一-龥]", call["description"])
    assert "files" in described["components"]["schemas"]["RunResult"]["properties"]
    page = one(app, "GET", "/docs", headers={"Accept": "text/html"}).text
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!/)', page)
    for call in calls:
        assert call["summary"] in page


def test_a_result_is_as_the_description_says(app: FastAPI) -> None:
    import jsonschema

    described = one(app, "GET", "/openapi.json").json()
    schema = {**described, "$ref": "#/components/schemas/RunResult"}
    jsonschema.validate(check(app, ("a.txt", SPECIMEN.read_bytes())).json(), schema)
    jsonschema.validate(one(app, "GET", "/api/rules").json(), {**described, "$ref": "#/components/schemas/RuleListing"})


def test_styles_and_scripts_are_kept_for_ever_by_their_digest(app: FastAPI) -> None:
    assets = app.state.assets
    assert assets.plain not in assets.styles
    for address in (*assets.styles, *assets.scripts, assets.plain):
        found = one(app, "GET", address)
        assert (found.status_code, "immutable" in found.headers["cache-control"]) == (200, True)
    stale = assets.plain.replace(assets.plain.split("/")[2], "0" * 16)
    for path in (stale, "/static/../config.py", "/static/%2e%2e/config.py", "/static//etc/passwd", "/static/"):
        assert one(app, "GET", path).status_code == 404


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/api/check", 405)])
def test_a_wrong_address_is_one_sentence(app: FastAPI, method: str, path: str, status: int) -> None:
    found = one(app, method, path)
    assert found.status_code == status
    assert re.search(r"[一-龥]", found.json()["detail"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "10.1.2.3"], "口令"),
        (["--host", "not a host", "--behind-proxy"], "找不到"),
        (["--limit", "x=1"], "不认识"),
        (["--token-file", "none.txt"], "口令文件"),
        (["--profile", "none"], "方案"),
    ],
)
def test_a_server_that_cannot_start_says_why(fazhi: Run, options: list[str], words: str) -> None:
    done = fazhi("serve", "--no-open", "--port", "0", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_said(fazhi: Run) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = fazhi("serve", "--no-open", "--port", taken.getsockname()[1])
    assert (done.returncode, "已经有程序在用" in done.stderr) == (2, True)


def test_page_and_interface_check_within_the_same_limits() -> None:
    class Listening(InlineDesk):
        async def submit(self, function: Callable[..., Any], *args: object, **more: object) -> Any:
            found.update((function.__name__, a.limits) for a in args if isinstance(a, Recipe))
            return await super().submit(function, *args, **more)

    found: dict[str, Limits] = {}
    app = serve(Listening(), limits=WebLimits(upload_mib=7, seconds=10))
    form = {"content": build_form([("a.txt", SPECIMEN.read_bytes())]), "headers": {"Content-Type": FORM_TYPE}}
    ask(app, ("POST", "/api/check", form), ("POST", "/files", form), ("GET", "/", {}), lives=True)
    assert found["examine"] == found["check_source"]
    assert (found["examine"].file_mib, found["examine"].seconds) == (7, 8)


def test_what_no_file_can_be_checked_with_is_said_once(tmp_path: Path) -> None:
    class Broken(InlineDesk):
        async def submit(self, function: Callable[..., Any], *args: object, **more: object) -> Any:
            if more["patient"]:
                raise RuleFileError("rules/T301.yaml", 1, 1, "坏了")
            return await super().submit(function, *args, **more)

    file = tmp_path / "a.txt"
    file.write_bytes(SPECIMEN.read_bytes())
    uploads = [Upload(file, "a.txt", 1)] * 3
    with pytest.raises(RuleFileError, match="坏了"):
        asyncio.run(check_uploads(Broken(), uploads, DEFAULT_RECIPE, 5))


def test_what_could_not_be_read_is_not_opened_for_comments(app: FastAPI) -> None:
    form: dict[str, Any] = {"content": build_form([("a.pdf", b"%PDF-1.4 x")]), "headers": {"Content-Type": FORM_TYPE}}

    async def run() -> int:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
                found = await client.post("/files", **form, follow_redirects=True)
                return (await client.get(f"{found.url.path}/download/annotated")).status_code

    assert asyncio.run(run()) == 404
