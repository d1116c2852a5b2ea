"""Where files are: a folder of this machine or of an S3-compatible store, under one `Path`.

Open `location.py` first; `s3.py` is the store, `index.py` what was read of many files before.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.storage.index import FileIndex as FileIndex
    from pipeline.storage.index import FileStamp as FileStamp
    from pipeline.storage.index import IndexFile as IndexFile
    from pipeline.storage.index import file_stamp as file_stamp
    from pipeline.storage.index import program_hash as program_hash
    from pipeline.storage.location import StoragePath as StoragePath
    from pipeline.storage.location import is_here as is_here
    from pipeline.storage.location import is_remote as is_remote
    from pipeline.storage.location import location_argument as location_argument
    from pipeline.storage.location import read_or_none as read_or_none
    from pipeline.storage.location import read_regular as read_regular
    from pipeline.storage.location import require_local as require_local
    from pipeline.storage.s3 import S3Path as S3Path
    from pipeline.storage.s3 import probe_access as probe_access
    from pipeline.storage.s3 import replace_files as replace_files
else:
    __getattr__ = lazy_exports(__name__)
