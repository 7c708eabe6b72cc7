"""The pages that people see: the place to drop files, the reading view of each, the table of all, the checklist."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Annotated, NamedTuple, get_args
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import State

from validator.errors import ValidatorError
from validator.language import LANGUAGES, Language, translator
from validator.loaders.endings import ARCHIVES
from validator.options import FIRST_YEAR, LAST_YEAR, OrganLevel
from validator.reporters.page.render import Served, render_page
from validator.reporters.words import LEVEL_WORDS, SEVERITY_WORDS
from validator.sources import Source
from validator.web.answers import choose_language
from validator.web.assets import Assets
from validator.web.checking import list_archive
from validator.web.corrected import compare
from validator.web.uploads import Upload
from validator.web.views import say_comparison, templates, view_row, view_table
from validator.web.visits import Choice, Item, Visit, VisitError, Visits, forget_file, share
from validator.web.work import Form, choose, examine, mark_copy, read_run, render

LEVELS: tuple[OrganLevel, ...] = get_args(OrganLevel)
router = APIRouter(include_in_schema=False)
VISIT = "fazhi-visit"
LANGUAGE = "fazhi-lang"
_HOLD_SECONDS = 2.0
"""A page waits so long for a check that has just begun, so that most people never see the waiting page."""
_MEDIA = {
    "html": ("html", "text/html; charset=utf-8"),
    "json": ("json", "application/json"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
_YEAR = Query(ge=FIRST_YEAR, le=LAST_YEAR)


class Options(NamedTuple):
    """What a visitor can choose, and what a file may weigh."""

    profiles: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    most_mib: int


@router.get("/")
def home(request: Request) -> Response:
    """Show the place to drop files, and the files of this visit."""
    return _page(request, "home.html", here="home", rows=_rows(request), options=_options(request))


@router.get("/favicon.ico")
def show_icon(request: Request) -> Response:
    """Return the sign of the page."""
    assets: Assets = request.app.state.assets
    return Response(assets.icon.data, media_type=assets.icon.media)


@router.get("/list")
def list_files(request: Request) -> Response:
    """Return the list of files alone, for the script that keeps it fresh."""
    return _page(request, "list.html", rows=_rows(request))


@router.post("/files")
async def take_files(
    request: Request,
    profile: str = "",
    year: Annotated[int | None, _YEAR] = None,
    level: OrganLevel | None = None,
    before: str | None = None,
) -> Response:
    """Take in files, begin to check them, and say where each result will be."""
    visits: Visits = request.app.state.visits
    form = await request.app.state.uploads.receive_form(request)
    asked = {"profile": profile, "year": str(year or ""), "level": level or ""}
    said = {name: value or form.fields.get(name, "") for name, value in asked.items()}
    usual = request.app.state.config.recipe.profile
    items: list[Item] = []
    left = list(form.files)
    try:
        visit = visits.open(_kept(request, VISIT))
        earlier = visit.find(before) if before else None
        choice = earlier.choice if earlier is not None else _choose(request, said, usual)
        while left:
            items += await _admit(request, visit, left[0], choice, earlier)
            del left[0]
    except BaseException:
        _discard(request, left)
        raise
    if request.headers.get("accept", "").startswith("application/json"):
        taken = [{"id": i.id, "name": i.source.path, "url": f"/files/{i.id}"} for i in items]
        answer: Response = JSONResponse({"items": taken}, 202)
    else:
        answer = RedirectResponse(f"/files/{items[0].id}" if len(items) == 1 else "/", 303)
    _remember(request, answer, VISIT, visit.key)
    return answer


@router.get("/files/{key}")
async def read_file(request: Request, key: str) -> Response:
    """Show the reading view of a file, or that it is still being checked."""
    visit = _visit(request)
    item = await visit.settle(key, _HOLD_SECONDS) if visit else None
    if visit is None or item is None:
        return _gone(request)
    if not item.is_over:
        return _page(request, "waiting.html", here="home", row=view_row(item, _language(request)))
    if item.state == "failed":
        return _page(
            request, "message.html", 200, here="home", said=_translated(request, item.said), more=item.source.path
        )
    earlier = visit.find(item.before) if item.before else None
    return _answer(request, await run_in_threadpool(_read, request, item, earlier))


@router.post("/files/{key}/again")
async def check_again(
    request: Request,
    key: str,
) -> Response:
    """Check a file by another profile, for another year or level."""
    visit = _visit(request)
    item = visit.find(key) if visit else None
    if visit is None or item is None:
        return _gone(request)
    form = await request.form(max_files=0, max_fields=10)
    text = {k: v for k, v in form.items() if isinstance(v, str)}
    choice = _choose(request, text, item.choice.profile)
    if item.is_over:
        target = item.upload.path.with_name(f"{item.upload.path.name}-{secrets.token_urlsafe(9)}")
        visit.update(key, choice=choice, state="waiting", summary=None, result=target)
        forget_file(item.result)
        _begin(request, visit, key)
    else:
        visit.update(key, choice=choice)
    return RedirectResponse(f"/files/{key}", 303)


@router.post("/files/{key}/remove")
def remove_file(request: Request, key: str) -> Response:
    """Forget one file."""
    visit = _visit(request)
    _discard(request, visit.remove(key) if visit else ())
    return RedirectResponse("/", 303)


@router.post("/clear")
def clear(request: Request) -> Response:
    """Forget everything that this browser dropped."""
    visit = _visit(request)
    _discard(request, visit.clear() if visit else ())
    return RedirectResponse("/", 303)


@router.get("/files/{key}/download/{form}")
async def download(request: Request, key: str, form: Form) -> Response:
    """Return a download of one file: a copy with comments, the page, the workbook, what to correct, the JSON."""
    visit = _visit(request)
    item = visit.find(key) if visit else None
    if item is None or item.state != "done":
        return _gone(request)
    state = request.app.state
    stem = PurePosixPath(item.source.path).stem
    if form != "annotated":
        return await _render(request, form, [item], stem)
    data = await state.desk.submit(mark_copy, item.source, item.result, state.config.recipe.limits)
    if data is None:
        return _gone(request)
    name = f"{stem}-批注{PurePosixPath(item.source.path).suffix.lower()}"
    return Response(data, media_type="application/octet-stream", headers=_attachment(name))


@router.get("/batch")
def show_batch(request: Request) -> Response:
    """Show all files beside each other."""
    visit = _visit(request) or ()
    language = _language(request)
    _ = translator(language)
    table = view_table(visit, language)
    downloads = (("xlsx", _("工作簿")), ("docx", _("整改清单")), ("html", _("网页")))
    open_ = sum(1 for i in visit if not i.is_over)
    return _page(request, "batch.html", here="batch", table=table, downloads=downloads, open=open_)


@router.get("/batch/download/{form}")
async def download_batch(request: Request, form: Form) -> Response:
    """Return all checked files in one document."""
    items = [i for i in _visit(request) or () if i.state == "done"]
    if not items or form == "annotated":
        return _gone(request)
    return await _render(request, form, items, "汇总")


@router.get("/rules")
async def show_rules(request: Request, profile: str = "") -> Response:
    """Show the printable checklist."""
    known = dict(_options(request).profiles)
    chosen = profile if profile in known else request.app.state.config.recipe.profile
    return _answer(request, await run_in_threadpool(_rulebook, request, chosen))


def _read(request: Request, item: Item, earlier: Item | None) -> str:
    language = _language(request)
    _ = translator(language)
    run = read_run(item.result)
    after = ""
    if earlier is not None and earlier.state == "done":
        found = compare(read_run(earlier.result).files[0], run.files[0])
        blocks = (
            (
                (_("已解决"), "resolved", found.resolved),
                (_("新出现"), "new", found.new),
                (_("还在"), "remaining", found.remaining),
            )
            if found
            else ()
        )
        said = say_comparison(found, language) if found else None
        after = _piece(request, "corrected.html", said=said, blocks=blocks, before=earlier, weights=SEVERITY_WORDS)
    copy = (("annotated", _("带批注的副本")),) if item.summary and item.summary.can_annotate else ()
    downloads = (*copy, ("docx", _("整改清单")), ("xlsx", _("工作簿")), ("html", _("网页")))
    tools = _piece(request, "reading.html", item=item, downloads=downloads, options=_options(request))
    top = _piece(request, "top.html", here="reading")
    assets: Assets = request.app.state.assets
    return render_page(run, served=Served(assets.styles, assets.scripts, top, after + tools), language=language)


def _rulebook(request: Request, profile: str) -> str:
    from validator.law import read_coverage
    from validator.rulebook import render_rulebook

    assets: Assets = request.app.state.assets
    top = _piece(request, "top.html", here="rules")
    served = Served((*assets.styles, assets.rulebook), assets.scripts, top)
    ruleset = request.app.state.rulesets[profile]
    coverage = read_coverage(ruleset, request.app.state.config.recipe.rules_dir)
    return render_rulebook(ruleset, served=served, language=_language(request), coverage=coverage)


async def _admit(
    request: Request, visit: Visit, upload: Upload, choice: Choice, earlier: Item | None
) -> Sequence[Item]:
    """Add an upload to a visit, an archive as the files in it, and begin to check them."""
    state = request.app.state
    most = state.config.limits.files_per_visit
    within = state.config.limits.files_in_archive
    sources: tuple[Source, ...] = (Source(upload.name, str(upload.path)),)
    if PurePosixPath(upload.name).suffix.lower() in ARCHIVES:
        sources = await state.desk.submit(list_archive, str(upload.path), upload.name, state.config.recipe)
    if len(sources) > within:
        raise VisitError(_translated(request, "压缩包里的文件超过{n}个，请分几次放。").format(n=within))
    if len(visit) + len(sources) > most:
        raise VisitError(_translated(request, "放进来的文件超过{n}个，请先清除一些。").format(n=most))
    items = []
    for source in sources:
        key = secrets.token_urlsafe(9)
        target = upload.path.with_name(f"{upload.path.name}-{key}")
        item = Item(key, source, upload, choice, target, earlier.id if earlier and len(sources) == 1 else None)
        visit.put(item)
        items.append(item)
        _begin(request, visit, key)
    return items


def _begin(request: Request, visit: Visit, key: str) -> None:
    task = asyncio.get_running_loop().create_task(_check(request.app.state, visit, key))
    visit.tasks.add(task)
    task.add_done_callback(visit.tasks.discard)


async def _check(state: State, visit: Visit, key: str) -> None:
    """Check an item when it is its turn. It was let in: however many wait, it waits too and is not lost."""
    async with visit.gate:
        while (item := visit.find(key)) is not None and not item.is_over:
            recipe = choose(state.config.recipe, item.choice)
            visit.update(key, state="checking")
            found: dict[str, object]
            try:
                summary = await state.desk.submit(examine, item.source, recipe, item.result, patient=True)
                found = {"state": "done", "summary": share(summary)}
            except ValidatorError as exc:
                found = {"state": "failed", "said": str(exc)}
            except Exception as exc:  # what nobody thought of must not leave somebody waiting for ever
                found = {"state": "failed", "said": f"程序出错（{type(exc).__name__}），请报告给维护者。"}
            now = visit.find(key)
            if now is None:
                forget_file(item.result)
            elif (
                now.choice == item.choice
            ):  # otherwise something else was chosen meanwhile, and it is checked once more
                visit.update(key, **found)


async def _render(request: Request, form: Form, items: Sequence[Item], stem: str) -> Response:
    results, names = [i.result for i in items], [i.source.path for i in items]
    data = await request.app.state.desk.submit(render, form, results, names)
    ending, media = _MEDIA[form]
    word = {"docx": "-整改清单", "html": "-检查结果", "xlsx": "-检查结果", "json": "-检查结果"}[form]
    return Response(data, media_type=media, headers=_attachment(f"{stem}{word}.{ending}"))


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def _visit(request: Request) -> Visit | None:
    visits: Visits = request.app.state.visits
    return visits.find(_kept(request, VISIT))


def _rows(request: Request) -> tuple[object, ...]:
    return tuple(view_row(i, _language(request)) for i in _visit(request) or ())


def _discard(request: Request, uploads: Sequence[Upload]) -> None:
    for upload in uploads:
        request.app.state.uploads.discard(upload)


def _options(request: Request) -> Options:
    state = request.app.state
    _ = translator(_language(request))
    profiles = tuple((name, found.profile.title) for name, found in state.rulesets.items())
    levels = tuple((level, _(LEVEL_WORDS[level])) for level in LEVELS)
    return Options(profiles, levels, state.config.limits.upload_mib)


def _choose(request: Request, said: Mapping[str, str], usual: str) -> Choice:
    """Return what a form says; what cannot be is as if it was not said."""
    profile, year, level = (said.get(name, "") for name in ("profile", "year", "level"))
    return Choice(
        profile if profile in request.app.state.rulesets else usual,
        int(year) if year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR else None,
        next((found for found in LEVELS if found == level), None),
    )


def _language(request: Request) -> Language:
    return choose_language(request.scope["query_string"], request.headers.get("cookie", ""))


def _translated(request: Request, said: str) -> str:
    return translator(_language(request))(said)


def _gone(request: Request) -> Response:
    sentence = "这里没有这个文件：可能已经移走、清除，或放久了自动删掉。请再放一次。"
    if VISIT not in request.cookies:
        sentence = "这里看不到这个文件：要用放文件的那个浏览器看，浏览器还要允许本站使用 Cookie。"
    said = _translated(request, sentence)
    return _page(request, "message.html", 404, here="home", said=said, more="")


def _piece(request: Request, template: str, **words: object) -> str:
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    other = "?" + urlencode([*kept, ("lang", "en" if _language(request) == "zh" else "zh")])
    minutes = request.app.state.config.limits.visit_minutes
    return templates(_language(request)).get_template(template).render(other=other, minutes=minutes, **words)


def _page(request: Request, template: str, status: int = 200, **words: object) -> Response:
    return _answer(request, _piece(request, template, assets=request.app.state.assets, **words), status)


def _answer(request: Request, page: str, status: int = 200) -> Response:
    """Return a page; a language that was asked for holds for the pages that follow."""
    answer = HTMLResponse(page.encode("utf-8", "replace"), status)
    if request.query_params.get("lang") in LANGUAGES:
        _remember(request, answer, LANGUAGE, _language(request))
    visits: Visits = request.app.state.visits
    if not visits.is_ours(_kept(request, VISIT)):
        _remember(request, answer, VISIT, visits.offer())
    return answer


def _kept(request: Request, name: str) -> str | None:
    """Return what the browser keeps for us under a name."""
    return request.cookies.get(_cookie_name(request, name))


def _remember(request: Request, answer: Response, name: str, value: str) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(_cookie_name(request, name), value, httponly=True, samesite="strict", secure=secure)


def _cookie_name(request: Request, name: str) -> str:
    """Return the name of a cookie; over https the key of a visit has one that no neighbouring site can set."""
    return f"__Host-{name}" if name == VISIT and request.url.scheme == "https" else name
