"""The environment and `.env` -> one frozen object, whose values the stages are given.

Open `settings.py` first: a field each, with its default; `env_file.py` says which `.env` holds,
`model_server.py` checks what is set of a model's server, `unknown.py` finds misspelt variables.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.settings.env_file import find_env_file as find_env_file
    from pipeline.settings.model_server import corrected_address as corrected_address
    from pipeline.settings.settings import LocalPath as LocalPath
    from pipeline.settings.settings import PagesUrl as PagesUrl
    from pipeline.settings.settings import Settings as Settings
    from pipeline.settings.settings import blank_to_none as blank_to_none
    from pipeline.settings.settings import invalid_settings as invalid_settings
    from pipeline.settings.settings import load as load
    from pipeline.settings.unknown import describe_unknown as describe_unknown
    from pipeline.settings.unknown import unknown_variables as unknown_variables
else:
    __getattr__ = lazy_exports(__name__)
