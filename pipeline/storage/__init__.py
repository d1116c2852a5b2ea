"""Where files are: a folder of this machine or of an S3-compatible store, under one `Path`.

Open `location.py` first; `s3.py` is the store, `locks.py` keeps other processes out, `trust.py`
says whom a folder belongs to, `index.py` is what was read of many files before, `program.py` names
the program that read them.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.storage.index import FileIndex as FileIndex
    from pipeline.storage.index import FileStamp as FileStamp
    from pipeline.storage.index import IndexFile as IndexFile
    from pipeline.storage.index import file_stamp as file_stamp
    from pipeline.storage.index import line_name as line_name
    from pipeline.storage.location import StoragePath as StoragePath
    from pipeline.storage.location import expand_home as expand_home
    from pipeline.storage.location import is_here as is_here
    from pipeline.storage.location import is_remote as is_remote
    from pipeline.storage.location import location_argument as location_argument
    from pipeline.storage.location import open_regular as open_regular
    from pipeline.storage.location import read_given as read_given
    from pipeline.storage.location import read_or_none as read_or_none
    from pipeline.storage.location import read_regular as read_regular
    from pipeline.storage.location import require_local as require_local
    from pipeline.storage.locks import LOCK_FILE as LOCK_FILE
    from pipeline.storage.locks import folder_lock as folder_lock
    from pipeline.storage.locks import hold_lock as hold_lock
    from pipeline.storage.locks import is_gone as is_gone
    from pipeline.storage.locks import probe_lock as probe_lock
    from pipeline.storage.locks import process_mark as process_mark
    from pipeline.storage.program import changed_program as changed_program
    from pipeline.storage.program import program_hash as program_hash
    from pipeline.storage.s3 import S3Path as S3Path
    from pipeline.storage.s3 import probe_access as probe_access
    from pipeline.storage.s3 import replace_files as replace_files
    from pipeline.storage.s3 import require_listed as require_listed
    from pipeline.storage.trust import create_exclusively as create_exclusively
    from pipeline.storage.trust import foreign_link as foreign_link
    from pipeline.storage.trust import replace_file as replace_file
    from pipeline.storage.trust import untrusted_reason as untrusted_reason
    from pipeline.storage.trust import what_is_no_folder as what_is_no_folder
else:
    __getattr__ = lazy_exports(__name__)
