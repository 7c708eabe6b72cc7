"""The configuration of a run: found upwards from the current folder and from each file, under the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from validator.errors import OptionError
from validator.options import DEFAULT_LIMITS, CheckOptions, Limits
from validator.recipe import Recipe
from validator.settings.files import ConfigFile, Setting, Settings, find_config, merge, read_config, show
from validator.settings.ignore import IGNORE_NAME, Patterns, read_ignore_file
from validator.settings.keys import KEYS, RUN_DEFAULTS
from validator.settings.reading import plain_absolute

WAIVERS_NAME = "fazhi-waivers.yaml"
BASELINE_NAME = "fazhi-baseline.json"
_ROOT_MARKS = (WAIVERS_NAME, BASELINE_NAME, IGNORE_NAME, ".git")
COMMAND_LINE = "命令行"


class Project:
    """What configuration says for a run and for each of its files.

    The run has the nearest configuration upwards from the current folder, if all paths stand below it, else upwards
    from the folder that holds all paths. A file has the nearest one upwards from itself. ``root`` is the folder of the
    run's configuration, or where a repository or one of our other files stands.
    """

    def __init__(
        self,
        paths: Sequence[str],
        given: Mapping[str, Any] | None = None,
        *,
        config: Path | None = None,
        isolated: bool = False,
    ) -> None:
        """Find and read the configuration of a run.

        Args:
            paths: what the user wants checked, as it was written.
            given: settings from the command line, by name; ``None`` values were not given.
            config: the one file to read, for the run and for all files.
            isolated: read no configuration, no ignore file, no waivers and no baseline.

        Raises:
            OptionError: a configuration file is wrong.
        """
        if isolated and config is not None:
            raise OptionError("--isolated 和 --config 不能一起用。")
        self.isolated = isolated
        self._given = {k: Setting(v, COMMAND_LINE) for k, v in (given or {}).items() if v is not None}
        self._files: dict[Path, ConfigFile | None] = {}
        self._fixed = read_config(config.absolute()) if config is not None and not isolated else None
        start = _common_folder(paths)
        here = Path.cwd()
        is_below = start.is_relative_to(here)
        found = self._fixed or (self._nearest(here) if is_below else None) or self._nearest(start)
        self._run = found
        if found is not None:
            self.root = found.path.parent
        else:
            self.root = (_marked(here) if is_below else None) or _marked(start) or (here if is_below else start)
        self.settings: Settings = merge(found.settings if found else {}, self._given)
        self._used: dict[Path, None] = dict.fromkeys(found.files if found else ())
        self._patterns: dict[tuple[Path, tuple[str, ...]], Patterns] = {}

    @property
    def used(self) -> tuple[str, ...]:
        """Every configuration file that was used so far."""
        return tuple(show(p) for p in self._used)

    def value(self, key: str, default: Any = None) -> Any:
        """Return a setting of the run; without a default of the caller, the usual one."""
        return self.settings[key].value if key in self.settings else RUN_DEFAULTS.get(key, default)

    def settings_for(self, path: str) -> Settings:
        """Return the settings of one file, with where each is written.

        Raises:
            OptionError: its configuration is wrong, or sets for the whole run something other than the run's own does.
        """
        file = self._config_for(path)
        if file is None:
            return self._given
        if file is not self._run:
            self._require_same_run(file)
        self._used.update(dict.fromkeys(file.files))
        settings: Settings = file.settings
        for override in file.overrides:
            if self._compiled(override.folder, override.patterns).match(path):
                settings = merge(settings, override.settings)
        return merge(settings, self._given)

    def recipe_for(self, path: str, **more: bool) -> Recipe:
        """Return the recipe of one file; ``more`` are fields of it that no configuration sets."""
        return build_recipe(self.settings_for(path), **more)

    def excludes(self) -> tuple[Patterns, ...]:
        """Return the patterns of the files that are left out.

        Raises:
            OptionError: the ignore file cannot be read.
        """
        found: list[Patterns] = []
        if self.isolated:
            return ()
        if (self.root / IGNORE_NAME).is_file():
            found.append(read_ignore_file(self.root / IGNORE_NAME))
        if "exclude" in self.settings:
            found.append(Patterns(self.root, self.settings["exclude"].value))
        return tuple(found)

    def file_beside(self, key: str, name: str) -> Path | None:
        """Return the waivers or the baseline: as set (it must exist), or by its usual name in the root if it is there.

        Raises:
            OptionError: a file that was set does not exist.
        """
        if key in self.settings:
            path: Path = self.settings[key].value
            if not path.is_file():
                raise OptionError(f"没有文件 {show(path)}（{self.settings[key].origin}里的 {key}）。")
            return path
        return self.root / name if not self.isolated and os.path.lexists(self.root / name) else None

    def _config_for(self, path: str) -> ConfigFile | None:
        if self._fixed is not None or self.isolated:
            return self._fixed
        place = plain_absolute(Path(path))
        return self._nearest(place if place.is_dir() else place.parent)

    def _nearest(self, folder: Path) -> ConfigFile | None:
        """Return the nearest configuration in a folder or above it; each folder is looked at once."""
        if self.isolated:
            return None
        passed: list[Path] = []
        found: ConfigFile | None = None
        for place in (folder, *folder.parents):
            if place in self._files:
                found = self._files[place]
                break
            passed.append(place)
            path = find_config(place)
            if path is not None:
                found = read_config(path)
                break
        self._files.update(dict.fromkeys(passed, found))
        return found

    def _require_same_run(self, file: ConfigFile) -> None:
        for key, setting in file.settings.items():
            if key in self._given or not KEYS[key].of_run:
                continue
            own = self._run.settings[key].value if self._run and key in self._run.settings else RUN_DEFAULTS.get(key)
            if own != setting.value:
                run = show(self._run.path) if self._run else "（没有）"
                raise OptionError(
                    f"{setting.origin}：{key} 管的是整次检查，只能写在这次检查的总设置里。总设置是 {run}。"
                )

    def _compiled(self, folder: Path, patterns: tuple[str, ...]) -> Patterns:
        key = (folder, patterns)
        if key not in self._patterns:
            self._patterns[key] = Patterns(folder, patterns)
        return self._patterns[key]


def build_recipe(settings: Settings, **more: bool) -> Recipe:
    """Return the recipe that settings make."""

    def value(key: str, default: Any) -> Any:
        return settings[key].value if key in settings else default

    options = CheckOptions(
        year=value("year", None),
        organ_level=value("organ-level", None),
        as_of=value("as-of", None),
        select=tuple(n.upper() for n in value("select", ())),
        ignore=tuple(n.upper() for n in value("ignore", ())),
        region=value("region", None),
        enforcement=value("enforcement", "unknown"),
    )
    limits: Limits = replace(DEFAULT_LIMITS, **value("limits", {}))
    return Recipe(
        value("rules-dir", None),
        value("profile", "default"),
        options,
        value("model", "auto"),
        limits,
        value("ocr", False),
        packs=tuple(_from_here(p) for p in value("rules", ())),
        **more,
    )


def _from_here(path: Path) -> Path:
    """Return a path relative to the current folder where it stands below it, so that errors are short."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) and path != here else path


def _common_folder(paths: Sequence[str]) -> Path:
    """Return the deepest folder that holds all paths; what is no path (standard input) stands in the current one."""
    folders = [_folder_of(p) for p in paths if p != "-"] or [Path.cwd()]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # on several drives
        return folders[0]


def _folder_of(path: str) -> Path:
    """Return the folder that a path, a folder or a pattern begins with."""
    whole = plain_absolute(Path(path))
    if whole.is_dir():
        return whole
    return next((p for p in whole.parents if p.is_dir()), Path.cwd())


def _marked(folder: Path) -> Path | None:
    """Return the nearest folder, upwards, in which a repository or one of our files stands."""
    return next((p for p in (folder, *folder.parents) if any((p / m).exists() for m in _ROOT_MARKS)), None)
