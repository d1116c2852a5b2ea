"""The other forms in which the site has a digest: where they stand and what they are called."""

from typing import Final, NamedTuple

from pipeline.write import EXPORTS, FORMATS

FOLDER: Final = "digests"


class FormLink(NamedTuple):
    """One form of one digest."""

    href: str
    """From the site's root."""
    label: str
    media_type: str
    is_record: bool
    """Whether it is the digest itself, which can be read back."""


def form_file(stem: str, form: str) -> str:
    """Give the file of a digest in one of `EXPORTS`, from the site's root."""
    return f"{FOLDER}/{stem}{EXPORTS[form].suffix}"


def form_links(stem: str) -> tuple[FormLink, ...]:
    """Link to all forms of a digest."""
    return tuple(
        FormLink(form_file(stem, name), form.label, form.media_type, name in FORMATS)
        for name, form in EXPORTS.items()
    )


def is_article(name: str) -> bool:
    """Whether a file of the site is one for another editor, with styles at its elements."""
    return name.startswith(f"{FOLDER}/") and name.endswith(".html")
