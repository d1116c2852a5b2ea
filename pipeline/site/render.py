"""Views -> text: the templates and static files of the site; the only importer of jinja2.

Templates and files are read through the package, so that they are there wherever it is installed.
Every value is escaped, in XML as in HTML, and shows nothing that cannot be seen: no template may
say otherwise of a word of a digest.
"""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2 import __version__ as _version

from pipeline.errors import WriteError
from pipeline.site.safe import drop_invisible

ENGINE: Final = f"jinja2 {_version}"
"""What fills the templates."""


def render_template(template: str, /, **values: object) -> str:
    """Fill a template.

    Args:
        template: its file name.
        values: all that it uses; a missing one is an error of ours.

    Returns:
        Text, not markup: put into another template it is escaped once more.

    Raises:
        WriteError: the template is wrong; names it and the reason.
    """
    try:
        return _environment().get_template(template).render(values)
    except TemplateError as error:
        where = f"line {error.lineno} of " if isinstance(error, TemplateSyntaxError) else ""
        message = f"cannot fill {where}the template {template!r}: {error}; correct it"
        raise WriteError(message) from error


def read_asset(name: str) -> str:
    """Read one static file."""
    return _folder("static").joinpath(name).read_text(encoding="utf-8")


def read_assets() -> dict[str, bytes]:
    """Read all static files, by the path at which the pages look for them."""
    files = sorted(_folder("static").iterdir(), key=lambda file: file.name)
    return {f"static/{file.name}": file.read_bytes() for file in files if file.is_file()}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        finalize=_clean,
        undefined=StrictUndefined,
        auto_reload=False,
        keep_trailing_newline=True,
    )


def _clean(value: object) -> object:
    """Drop what cannot be seen from a text; markup is made of values that went through here."""
    return drop_invisible(value) if type(value) is str else value


def _source(name: str) -> str | None:
    file = _folder("templates").joinpath(name)
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _folder(name: str) -> Traversable:
    return resources.files("pipeline.site").joinpath(name)
