"""The doors of the server: log in and out, styles and scripts, and a page that describes the HTTP interface."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from validator.web.access import Access
from validator.web.answers import choose_language, render
from validator.web.assets import Asset
from validator.web.multipart import FormError

router = APIRouter(include_in_schema=False)
_MOST_LOGIN = 4096
_FOR_EVER = "public, max-age=31536000, immutable"


@router.get("/static/{address:path}")
def fetch_asset(request: Request, address: str) -> Response:
    """Return a style or a script by its whole address."""
    found: Asset | None = request.app.state.assets.by_address.get(f"/static/{address}")
    if found is None:
        raise FormError(404, "没有这个地址。")
    return Response(found.data, media_type=found.media, headers={"Cache-Control": _FOR_EVER})


@router.get("/login")
def ask_token(request: Request) -> Response:
    """Ask for the token; who has shown it, and where none is asked for, goes on."""
    access: Access = request.app.state.access
    if not access.asks_for_token or access.knows(_headers(request)):
        return RedirectResponse("/", 303)
    return _login_page(request, "", 200)


@router.post("/login")
async def take_token(request: Request) -> Response:
    """Compare the token, and give a cookie for it."""
    access: Access = request.app.state.access
    shown = parse_qs((await _read(request)).decode("utf-8", "replace")).get("token", [""])[0].strip()
    if not access.asks_for_token:
        return RedirectResponse("/", 303)
    if not access.is_token(shown):
        if not await access.punish():
            return _login_page(request, "试错口令的人太多，请稍后再试。", 429, {"Retry-After": "2"})
        return _login_page(request, "口令不对，请再试一次。", 401)
    answer = RedirectResponse("/", 303)
    headers = _headers(request)
    answer.set_cookie(
        access.cookie_name(headers),
        access.make_cookie(),
        path="/",
        httponly=True,
        samesite="strict",
        secure=access.scheme(headers) == "https",
    )
    return answer


@router.post("/logout")
def forget(request: Request) -> Response:
    """Take the cookie back."""
    access: Access = request.app.state.access
    headers = _headers(request)
    answer = RedirectResponse("/login", 303)
    secure = access.scheme(headers) == "https"
    answer.delete_cookie(access.cookie_name(headers), path="/", httponly=True, samesite="strict", secure=secure)
    return answer


@router.get("/docs")
def describe(request: Request) -> Response:
    """Show the HTTP interface as a page, made of its description."""
    schema: dict[str, Any] = request.app.openapi()
    address = f"{request.url.scheme}://{request.headers['host']}"
    page = render("docs.html", _language(request), calls=list(_calls(schema)), info=schema["info"], address=address)
    return HTMLResponse(page)


def _calls(schema: dict[str, Any]) -> Any:
    """Yield each call: method, path, its description, parameters, fields of its form, answers."""
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            body = call.get("requestBody", {}).get("content", {}).get("multipart/form-data", {}).get("schema", {})
            yield {
                "method": method.upper(),
                "path": path,
                "summary": call["summary"],
                "description": call.get("description", ""),
                "parameters": [(p["name"], p.get("description", "")) for p in call.get("parameters", ())],
                "fields": [(name, f.get("description", "")) for name, f in body.get("properties", {}).items()],
                "answers": [(code, a["description"]) for code, a in sorted(call["responses"].items()) if code != "422"],
            }


async def _read(request: Request) -> bytes:
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > _MOST_LOGIN:
            raise FormError(413, "请求的内容太长。")
    return data


def _login_page(request: Request, said: str, status: int, more: dict[str, str] | None = None) -> Response:
    return HTMLResponse(render("login.html", _language(request), said=said), status, more)


def _language(request: Request) -> Any:
    return choose_language(request.scope["query_string"], request.headers.get("cookie", ""))


def _headers(request: Request) -> dict[str, str]:
    return {k.lower(): v for k, v in request.headers.items()}
