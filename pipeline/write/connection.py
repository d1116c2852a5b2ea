"""The connection to an S3-compatible store: how it is found, its patience, what its errors mean.

Key, region and address come from where every tool for S3 has them, and nowhere else:
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (with AWS_SESSION_TOKEN), AWS_PROFILE and the files in
~/.aws, or the machine's role; AWS_DEFAULT_REGION; AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, in the
environment or the profile. fsspec's own configuration works too: FSSPEC_S3_ENDPOINT_URL,
FSSPEC_S3_KEY and FSSPEC_S3_SECRET, or FSSPEC_S3 with JSON. None of them is read from `.env`.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

import fsspec.config
from botocore.exceptions import (
    BotoCoreError,
    ConnectTimeoutError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.exceptions import ConnectionError as Unconnected
from botocore.parsers import ResponseParserError
from s3fs import S3FileSystem

from pipeline.errors import DigestError, SettingsError, WriteError

MAX_CONCURRENCY: Final = 16
"""Files that are read at once."""
NOT_A_STORE: Final = "what answers for {} is no store: check AWS_ENDPOINT_URL"
_RETRY_HINT: Final = "then run again"
_CREDENTIALS_HINT: Final = "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL"
_CLIENT_CONFIG: Final = {
    "connect_timeout": 5,
    "read_timeout": 10,
    "retries": {"mode": "standard", "total_max_attempts": 2},
    "max_pool_connections": MAX_CONCURRENCY,
}
"""A digest is small; botocore's own patience would be ten minutes."""
_BAD_KEY_CODES: Final = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}
)
_CONFLICT_CODES: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


def connection() -> S3FileSystem:
    """Give this process's connection: one does not outlive a fork."""
    return _connected(os.getpid())


@lru_cache(maxsize=1)
def _connected(_process: int) -> S3FileSystem:
    given = fsspec.config.conf.get("s3", {})
    store = S3FileSystem(
        config_kwargs=_CLIENT_CONFIG | given.get("config_kwargs", {}),
        use_listings_cache=False,
        skip_instance_cache=True,
        max_concurrency=1,
    )
    store.retries = 1  # botocore tries again by itself
    return store


@contextmanager
def translate_errors(path: object) -> Iterator[None]:
    """Translate what goes wrong with a store into our errors, which name the path and no key.

    Raises:
        FileNotFoundError: there is no such file.
        FileExistsError: there is one already.
        SettingsError: bucket, key or address cannot be used.
        WriteError: anything else.
    """
    try:
        yield
    except (ConnectTimeoutError, ReadTimeoutError) as error:
        raise WriteError(f"the store of {path} does not answer in time; {_RETRY_HINT}") from error
    except (Unconnected, HTTPClientError, ResponseParserError) as error:
        said = f"the store of {path} cannot be reached ({type(error).__name__})"
        raise WriteError(
            f"{said}: check AWS_ENDPOINT_URL and the network, {_RETRY_HINT}"
        ) from error
    except (BotoCoreError, ValueError) as error:
        said = " ".join(str(error).split())
        raise SettingsError(f"{path} cannot be used: {said}: {_CREDENTIALS_HINT}") from error
    except OSError as error:
        raise _to_error(error, path) from error


def _to_error(error: OSError, path: object) -> OSError | DigestError:
    """Tell what a store's refusal means; what callers look out for stays what it is."""
    answer = getattr(error.__cause__, "response", None) or {}
    code = str(answer.get("Error", {}).get("Code", ""))
    said = " ".join(str(error.args[-1] if error.args else code).split()).rstrip(".")
    if answer and not code:
        return WriteError(NOT_A_STORE.format(path))
    if code in _CONFLICT_CODES or isinstance(error, FileExistsError):
        return FileExistsError(errno.EEXIST, "written meanwhile", str(path))
    if code in _BAD_KEY_CODES:
        return SettingsError(f"{path} cannot be used: {said}: {_CREDENTIALS_HINT}")
    if isinstance(error, FileNotFoundError):
        if code in ("", "NoSuchKey"):
            return FileNotFoundError(errno.ENOENT, "no such file", str(path))
        # Not an empty folder, of which every issue would be made, and paid, once more.
        return SettingsError(f"there is no bucket for {path}: make it, or set AWS_ENDPOINT_URL")
    if isinstance(error, PermissionError):
        todo = "the key may not do this, permit it or set another one"
    else:
        todo = f"the store failed, {_RETRY_HINT}"
    return WriteError(f"{path}: {said}: {todo}")
