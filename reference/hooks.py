"""What mkdocs calls while it builds. Only this module knows mkdocs; the pages themselves are plain Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from reference.pages import is_english, join_lines, make_pages, read_outside, turn_links
from reference.rules import RULES_INDEX, list_pages
from validator.ruleset import load_ruleset


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put every rule under the checklist in the navigation."""
    config.nav = [_with_rules(item) for item in config.nav or []]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are no files of ``docs/``."""
    for name, content in {**make_pages(), **read_outside()}.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links of the repository into links of the site, and note the language of the page."""
    del config, files
    if is_english(markdown):
        page.meta["lang"] = "en"
    return turn_links(markdown, page.file.src_uri)


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put every table into a frame that scrolls, also by keyboard, and join Chinese lines."""
    del page, config, files
    frame = '<div class="wide" role="group" aria-label="表格" tabindex="0"><table class="lines">'
    return join_lines(html).replace("<table>", frame).replace("</table>", "</table></div>")


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Give the search of the theme the name that it lacks."""
    del page, config
    return output.replace(
        'data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="搜索"'
    )


def on_post_build(config: MkDocsConfig) -> None:
    """Take away the list for search engines: the site has no address that it could name, and the list holds the day."""
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (Path(config.site_dir) / name).unlink()


def _with_rules(item: Any) -> Any:
    if isinstance(item, dict) and RULES_INDEX in item.values():
        [title] = item
        return {title: [RULES_INDEX, *list_pages(load_ruleset())]}
    return item
