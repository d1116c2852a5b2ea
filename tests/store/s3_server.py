"""A real S3-compatible server on loopback: SeaweedFS, as its package brings it.

with S3Server(folder) as server:
    server.environment         # what a process needs to find it, with a key that may do everything
    server.known_as("reader")  # the key that may not write
    server.objects("outputs")  # what a folder holds, past everything that is under test

It has one bucket, `digests`, keys that are checked, and If-None-Match. One process is the whole
store; what it holds is below `folder`, and it is killed when its owner is done; one whose owner was killed stays.
"""

import json
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Self

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

BUCKET = "digests"
_PATIENCE_S = 60.0
_KEYS = {"writer": ["Admin", "Read", "Write", "List"], "reader": ["Read", "List"]}
_LISTENERS = ("master", "volume", "filer", "s3")


class S3Server:
    """The server; a context manager."""

    def __init__(self, folder: Path) -> None:
        """Prepare to listen.

        Args:
            folder: where it keeps everything; must be there.
        """
        self._folder = folder
        self._ports = _free_ports(2 * len(_LISTENERS))
        self.address = f"http://127.0.0.1:{self._ports[-2]}"

    @property
    def environment(self) -> dict[str, str]:
        """Give a process the key that may do everything, and nobody's own files."""
        nowhere = str(self._folder / "none")
        return self.known_as("writer") | {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": nowhere,
            "AWS_SHARED_CREDENTIALS_FILE": nowhere,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @staticmethod
    def known_as(name: str) -> dict[str, str]:
        """Give the key of `writer`, which may do everything, or of `reader`, which may not write."""
        return {"AWS_ACCESS_KEY_ID": name, "AWS_SECRET_ACCESS_KEY": _secret(name)}

    def url(self, folder: str) -> str:
        """Give the address of a folder in the bucket."""
        return f"s3://{BUCKET}/{folder}"

    def objects(self, folder: str) -> dict[str, bytes]:
        """Read what lies below a folder, by names from there."""
        listed = self._client.list_objects_v2(Bucket=BUCKET, Prefix=f"{folder}/")
        assert not listed["IsTruncated"]
        keys = [each["Key"] for each in listed.get("Contents", ())]
        return {key.removeprefix(f"{folder}/"): self._body(key) for key in keys}

    def put(self, key: str, data: bytes) -> None:
        """Put one object."""
        self._client.put_object(Bucket=BUCKET, Key=key, Body=data)

    def half_done(self) -> int:
        """Count uploads in parts that nobody has ended."""
        return len(self._client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", ()))

    def __enter__(self) -> Self:
        config = self._folder / "keys.json"
        identities = [
            {"name": name, "credentials": [{"accessKey": name, "secretKey": _secret(name)}]}
            | {"actions": actions}
            for name, actions in _KEYS.items()
        ]
        config.write_text(json.dumps({"identities": identities}), encoding="utf-8")
        weed = shutil.which("weed", path=str(Path(sys.executable).parent)) or "weed"
        options = [f"-dir={self._folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
        for name, port, grpc in zip(_LISTENERS, self._ports[::2], self._ports[1::2], strict=True):
            options += [f"-{name}.port={port}", f"-{name}.port.grpc={grpc}"]
        options += [f"-s3.config={config}", "-s3.iam=false", "-s3.autoCreateBucket=false"]
        options += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
        options += ["-master.volumeSizeLimitMB=64", "-volume.max=20", "-idleTimeout=600"]
        with (self._folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [weed, "server", *options], stdout=log, stderr=log, cwd=self._folder
            )
        try:
            self._client = _client(self.address)
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        # Asked to end it waits half a minute for connections; it has nothing worth keeping.
        self._process.kill()
        self._process.wait()
        for name, port in zip(_LISTENERS, self._ports[1::2], strict=True):
            Path(f"/tmp/seaweedfs-{name}-grpc-{port}.sock").unlink(missing_ok=True)  # noqa: S108 - its place

    def _wait(self) -> None:
        """Make the bucket, and see that it takes an object, which its volumes do a moment later."""
        end = time.monotonic() + _PATIENCE_S
        made = False
        while True:
            try:
                if not made:
                    self._client.create_bucket(Bucket=BUCKET)
                    made = True
                self.put("ready", b"x")
                self._client.delete_object(Bucket=BUCKET, Key="ready")
            except (ClientError, BotoCoreError):
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def _body(self, key: str) -> bytes:
        with closing(self._client.get_object(Bucket=BUCKET, Key=key)["Body"]) as body:
            data: bytes = body.read()
        return data


def _client(address: str) -> Any:
    return botocore.session.Session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=address,
        aws_access_key_id="writer",
        aws_secret_access_key=_secret("writer"),
        config=Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1}),
    )


def _secret(name: str) -> str:
    return f"{name}-planted-secret"


def _free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in sockets]
