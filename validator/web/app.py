"""The application: routes, guard, and what lives as long as the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from time import monotonic
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from validator import __version__
from validator.errors import PackProfileError, ValidatorError
from validator.recipe import default_rules_path
from validator.reporters.page.render import prepare_page
from validator.ruleset import RuleSet, load_ruleset
from validator.web import api, doors, pages
from validator.web.access import Access
from validator.web.answers import answer
from validator.web.assets import read_assets
from validator.web.config import WebConfig
from validator.web.desk import Busy, Desk, TimedOut
from validator.web.guard import Guard
from validator.web.multipart import FormError
from validator.web.uploads import Uploads
from validator.web.visits import Visits

_SWEEP_SECONDS = 30
_SENTENCES = {
    404: "没有这个地址。",
    405: "这个地址不接受这种请求。",
}
_WRONG = "请求里的某个值不对。"
_ABOUT = "报告只在这台服务器上检查，检查完就删除，不发往别处。设了口令时，请求里要带 Authorization: Bearer 口令。"


def create_app(config: WebConfig, desk: Desk | None = None) -> FastAPI:
    """Return the application.

    ``app.state`` holds ``config``, ``rulesets`` (by profile), ``assets`` and ``access``; while it runs also ``desk``,
    ``uploads`` and ``visits``.

    Args:
        config: what the server was told.
        desk: who does the work (default: processes of its own).

    Raises:
        RuleFileError: a rule file is wrong.
        OptionError: there is no profile of that name.
    """
    config = replace(config, recipe=config.checking)  # page and interface check within the same limits
    app = FastAPI(
        title="法治政府建设年度报告自查",
        version=__version__,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        lifespan=_live(desk),
    )
    app.state.config = config
    app.state.rulesets = load_profiles(config)
    app.state.assets = read_assets()
    app.state.access = Access(config, monotonic)
    app.add_middleware(Guard, config=config, access=app.state.access)
    for kind, handler in ((ValidatorError, _explain), (RequestValidationError, _wrong), (HTTPException, _missing)):
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]
    app.include_router(api.router)
    app.include_router(doors.router)
    app.include_router(pages.router)
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]
    return app


def load_profiles(config: WebConfig) -> dict[str, RuleSet]:
    """Return the rule sets of all profiles, the usual one first.

    Raises:
        RuleFileError: a rule file is wrong.
        OptionError: there is no profile of the usual name.
    """
    folder, usual, packs = config.recipe.rules_dir, config.recipe.profile, config.recipe.packs
    found = {usual: load_ruleset(folder, usual, packs=packs)}
    for path in sorted((folder or default_rules_path()).glob("profiles/*.yaml")):
        if path.stem not in found:
            with suppress(PackProfileError):  # a pack is not meant for it, so it is not offered
                found[path.stem] = load_ruleset(folder, path.stem, packs=packs)
    return found


def _live(given: Desk | None) -> Callable[[FastAPI], Any]:
    """Return what opens processes and the private folder, and closes them whatever happens."""

    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        config: WebConfig = app.state.config
        limits = config.limits
        uploads = Uploads(limits.total_mib, limits.files_in_archive)
        desk = given or Desk(limits.processes, limits.waiting, limits.seconds, config.recipe, uploads.folder)
        visits = Visits(limits.visits, limits.visit_minutes, monotonic)
        app.state.desk, app.state.uploads, app.state.visits = desk, uploads, visits
        try:
            desk.open()
            to_do = (desk.warm(), asyncio.to_thread(prepare_page), _sweep(visits, uploads))
            tasks = [asyncio.create_task(work) for work in to_do]
            yield
            for task in tasks:
                task.cancel()
        finally:
            for upload in visits.close():
                uploads.discard(upload)
            try:
                await desk.close()
            finally:
                uploads.close()

    return live


async def _sweep(visits: Visits, uploads: Uploads) -> None:
    """Forget visits that were left, now and then."""
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        for upload in visits.sweep():
            uploads.discard(upload)
        await uploads.tidy()


def _explain(request: Request, error: ValidatorError) -> Response:
    """Return the sentence of an error of ours, and when it is worth trying again."""
    retry = getattr(error, "retry_after", None) or getattr(error, "seconds", None)
    if isinstance(error, FormError):
        status = error.status
    elif isinstance(error, TimedOut):
        status = 504
    else:
        status = 503 if isinstance(error, Busy) or retry else 400
    return _say(request, str(error), status, {"Retry-After": str(retry)} if retry else {})


def _wrong(request: Request, error: RequestValidationError) -> Response:
    names = "、".join(sorted({str(e["loc"][-1])[:40] for e in error.errors() if e.get("loc")}))
    return _say(request, f"{names} 的值不对。" if names.isprintable() and names else _WRONG, 422, {})


def _missing(request: Request, error: HTTPException) -> Response:
    sentence = _SENTENCES.get(error.status_code, _WRONG)
    return _say(request, sentence, error.status_code, dict(error.headers or {}))


def _say(request: Request, sentence: str, status: int, more: dict[str, str]) -> Response:
    headers = {k.lower(): v for k, v in request.headers.items()}
    query = request.scope["query_string"]
    return answer(sentence, status, path=request.url.path, headers=headers, query=query, more=more)


def _describe(app: FastAPI) -> dict[str, Any]:
    """Return the description of the HTTP interface; made once."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title,
            version=app.version,
            summary="检查法治政府建设年度报告是否写全、写对",
            description=_ABOUT,
            routes=app.routes,
        )
        components = found.setdefault("components", {})
        components.setdefault("schemas", {}).update(api.describe_result())
        components["securitySchemes"] = {"口令": {"type": "http", "scheme": "bearer"}}
        found["security"] = [{}, {"口令": []}]
        app.openapi_schema = found
    return app.openapi_schema
