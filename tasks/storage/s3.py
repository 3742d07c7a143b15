"""Folders in an object store that speaks S3: a folder is a prefix, a file an object.

Where the store is and who asks is told in AWS's own ways: AWS_ENDPOINT_URL (for any other store than Amazon's),
AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_PROFILE, `~/.aws/config`, a machine's role.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import pyarrow.fs

from tasks.contracts.codes import RejectReason
from tasks.contracts.errors import StoreError, UsageFault
from tasks.storage.folder import RefusedFile, in_lanes
from tasks.storage.versions import Versions

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError as missing:
    raise UsageFault(f"s3://: {missing.name} is not installed; pip install -e '.[s3]'") from missing

SCHEME = "s3://"
LANES = 16
DELETED_AT_ONCE = 1_000  # what the protocol allows
MISSING = ("NoSuchKey", "404")
OUTRUN = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")


class Listed(NamedTuple):
    """An object as it was listed: its stamp, whose tag tells any edit, and when it was modified (ns since 1970)."""

    stamp: str
    modified_ns: int


class Found(NamedTuple):
    """An object as it was read: its bytes, its tag, and how many seconds ago it was written, by the store's clock."""

    data: bytes
    tag: str
    age: float


class S3Folder:
    """A prefix of a bucket."""

    lanes = LANES
    path = None

    def __init__(self, bucket: str, prefix: str) -> None:
        self.bucket, self.prefix = bucket, prefix

    @classmethod
    def of(cls, address: str) -> S3Folder:
        """The folder at a URL. Raises UsageFault where it names no bucket."""
        bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
        if not bucket:
            raise UsageFault(f"{address}: names no bucket; write it as s3://bucket/prefix")
        return cls(bucket, prefix.strip("/"))

    @property
    def address(self) -> str:
        """The URL."""
        return f"{SCHEME}{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def name(self) -> str:
        """The last part of the prefix, or the bucket."""
        return self.address.rpartition("/")[2]

    def absolute(self) -> S3Folder:
        """A URL is the same for all processes."""
        return self

    def child(self, name: str) -> S3Folder:
        """The folder of that name in it."""
        return S3Folder(self.bucket, self.key(name))

    def at(self, name: str) -> str:
        """The URL of an object in it."""
        return f"{SCHEME}{self.bucket}/{self.key(name)}"

    def loading(self, table: str) -> str:
        """The command that lists the table's files."""
        return f"dateline tables {table} --outputs {self.address}"

    def key(self, name: str) -> str:
        """The key of an object in it."""
        return f"{self.prefix}/{name}" if self.prefix else name

    def is_there(self) -> bool:
        """Whether an object lies under the prefix."""
        with self._faults():
            found = client().list_objects_v2(Bucket=self.bucket, Prefix=self.key(""), MaxKeys=1)
        return bool(found.get("Contents"))

    def exists(self, name: str) -> bool:
        """Whether it has an object of that name."""
        try:
            with self._faults(name):
                client().head_object(Bucket=self.bucket, Key=self.key(name))
        except FileNotFoundError:
            return False
        return True

    def read(self, name: str) -> bytes:
        """The object's bytes."""
        return self.find(name).data

    def read_all(self, names: Sequence[str]) -> list[bytes]:
        """The bytes of those objects, several asked for at once."""
        return list(in_lanes(self, self.read, names))

    def write(self, name: str, data: bytes, *, durable: bool = False) -> None:
        """Writes the object; a store shows it whole or not at all, and what it has accepted is durable."""
        with self._faults(name):
            client().put_object(Bucket=self.bucket, Key=self.key(name), Body=data)

    def delete(self, name: str) -> None:
        """Deletes the object, if there is one."""
        with self._faults(name):
            client().delete_object(Bucket=self.bucket, Key=self.key(name))

    def names(self) -> list[str]:
        """The names of the objects in it, sorted, without those of folders in it."""
        return sorted(name for name in self.objects() if "/" not in name)

    def clear(self) -> None:
        """Deletes every object in it."""
        self.delete_all(self.objects())

    def walk(self, skip: Callable[[str], bool], *, fresh_ns: int) -> dict[str, str]:
        """Every object in it: an object's tag tells any edit, so that no stamp is too fresh to trust."""
        return {name: listed.stamp for name, listed in self.objects().items() if not any(map(skip, name.split("/")))}

    def read_input(self, name: str, *, stamp: str, limit: int) -> bytes:
        """The bytes of an object as it was listed; larger ones are refused unread, others than was listed as well."""
        size, _, tag = stamp.split(":", 2)
        if int(size) > limit:
            raise RefusedFile(
                RejectReason.TOO_LARGE, f"{int(size):,} bytes; at most {limit:,} (setting max_file_bytes); split it"
            )
        try:
            with self._faults(name):
                body = client().get_object(Bucket=self.bucket, Key=self.key(name), IfMatch=f'"{tag}"')["Body"]
                data: bytes = body.read()
        except Outrun:
            raise RefusedFile(
                RejectReason.CHANGED_WHILE_READ, "it was replaced since it was listed; the next run reads it again"
            ) from None
        return data

    def versions(self) -> Versions:
        """The versions of tables kept in it."""
        from tasks.storage.objectversions import ObjectVersions

        return ObjectVersions(self)

    # -- what versions need beyond a folder's files

    def objects(self) -> dict[str, Listed]:
        """Every object in it by name, whatever the number of '/' in it."""
        found = {}
        with self._faults():
            pages = client().get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.key("")):
                for one in page.get("Contents", ()):
                    modified = int(one["LastModified"].timestamp() * 1e9)
                    name = one["Key"].removeprefix(self.key(""))
                    if name and not name.endswith("/"):  # some tools make objects that stand for folders
                        tag = one["ETag"].strip('"')
                        found[name] = Listed(f"{one['Size']}:{modified}:{tag}", modified)
        return found

    def find(self, name: str) -> Found:
        """The object with what a conditional write needs. Raises FileNotFoundError where there is none."""
        with self._faults(name):
            answer = client().get_object(Bucket=self.bucket, Key=self.key(name))
            data: bytes = answer["Body"].read()
        now = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        return Found(data, answer["ETag"], (now - answer["LastModified"]).total_seconds())

    def write_if(self, name: str, data: bytes, *, tag: str | None) -> str | None:
        """Writes the object if it still has the tag, or with None if there is none: the store decides, once.

        Gives the new tag, None where another writer was faster.
        """
        condition = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        try:
            with self._faults(name):
                answer = client().put_object(Bucket=self.bucket, Key=self.key(name), Body=data, **condition)
        except (Outrun, FileNotFoundError):
            with contextlib.suppress(FileNotFoundError):
                found = self.find(name)
                if found.data == data:  # the answer to the first try was lost, and the second met its work
                    return found.tag
            return None
        written: str = answer["ETag"]
        return written

    def delete_all(self, names: Iterable[str]) -> None:
        """Deletes those objects."""
        keys = [{"Key": self.key(name)} for name in names]
        for k in range(0, len(keys), DELETED_AT_ONCE):
            with self._faults():
                client().delete_objects(Bucket=self.bucket, Delete={"Objects": keys[k : k + DELETED_AT_ONCE]})

    @contextlib.contextmanager
    def _faults(self, name: str = "") -> Iterator[None]:
        """Turns what the store or the way there refuses into FileNotFoundError, Outrun or a StoreError in words."""
        address = self.at(name) if name else self.address
        try:
            yield
        except ClientError as error:
            facts = error.response.get("Error", {})
            if facts.get("Code") in MISSING:
                raise FileNotFoundError(address) from None
            if facts.get("Code") in OUTRUN:
                raise Outrun(address) from None
            told = facts.get("Message") or facts.get("Code")
            raise StoreError(f"{address}: {told}; check the bucket, the credentials and their rights") from error
        except BotoCoreError as error:
            raise StoreError(
                f"{address}: {str(error).rstrip('.')}; check AWS_ENDPOINT_URL, AWS_REGION and the credentials "
                "(AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE)"
            ) from error


class Outrun(Exception):
    """An object is not what the writer or reader has seen: another writer was faster."""


_guard = threading.Lock()
_made: dict[str, Any] = {}


def client() -> Any:
    """This process's connection to the store: made at its first use, shared by its threads."""
    with _guard:  # a session is not safe to be made by several threads
        if "client" not in _made:
            retries = {"mode": "standard", "max_attempts": 5}
            config = Config(retries=retries, max_pool_connections=2 * LANES, connect_timeout=5, read_timeout=60)
            try:
                _made["client"] = boto3.session.Session().client("s3", config=config)
            except (BotoCoreError, ValueError) as error:
                raise StoreError(f"s3://: {error}; check the AWS_ variables and ~/.aws/config") from error
        return _made["client"]


def arrow_files() -> pyarrow.fs.FileSystem:
    """Arrow's own way to the store, which reads of a Parquet file the columns that are asked for."""
    meta = client().meta
    with _guard:
        if "arrow" not in _made:
            elsewhere = None if meta.endpoint_url.endswith(".amazonaws.com") else meta.endpoint_url
            _made["arrow"] = pyarrow.fs.S3FileSystem(region=meta.region_name, endpoint_override=elsewhere)
        files: pyarrow.fs.FileSystem = _made["arrow"]
        return files
