"""S3 and what speaks its protocol. The one file that knows of boto3 and django-storages.

They are imported inside the functions: that takes a quarter of Django's start, and most installations keep a folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.problems import Problem

if TYPE_CHECKING:
    from botocore.config import Config

GONE = {"404", "NoSuchKey", "NotFound"}
CONNECTIONS = 32  # at once and process


class StorageUnavailable(Problem):
    """The bucket does not answer, is not there, or refuses; the message says which, and what to look at."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


@dataclass(frozen=True)
class Listed:
    """An object of a bucket."""

    key: str
    size: int
    changed_at: datetime


class Bucket:
    """A bucket, or the part of it below a prefix. Keys are relative to that; all methods may be called from threads.

    Raises FileNotFoundError where an object is not there, StorageUnavailable for whatever else goes wrong.
    """

    def __init__(self, name: str, prefix: str, endpoint: str, region: str) -> None:
        from storages.backends.s3 import S3Storage

        self.name, self.prefix, self.endpoint = name, prefix.strip("/"), endpoint
        self.storage = S3Storage(
            bucket_name=name,
            location=self.prefix,
            endpoint_url=endpoint or None,
            region_name=region or None,
            client_config=client_config(endpoint),
            default_acl=None,
        )
        self.client = self.storage.connection.meta.client

    def create(self) -> None:
        """Make the bucket where it is not there."""
        with self.speaking(""):
            if self.name not in {one["Name"] for one in self.client.list_buckets()["Buckets"]}:
                self.client.create_bucket(Bucket=self.name)

    def full(self, key: str) -> str:
        return f"{self.prefix}/{key}" if self.prefix else key

    def put(self, key: str, data: bytes, content_type: str) -> None:
        with self.speaking(key):
            self.client.put_object(Bucket=self.name, Key=self.full(key), Body=data, ContentType=content_type)

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store a file, in parts if it is large."""
        with self.speaking(key):
            self.client.upload_file(str(path), self.name, self.full(key), ExtraArgs={"ContentType": content_type})

    def get(self, key: str) -> bytes:
        with self.speaking(key):
            return bytes(self.client.get_object(Bucket=self.name, Key=self.full(key))["Body"].read())

    def fetch(self, key: str, path: Path) -> None:
        """Write the object into the file."""
        with self.speaking(key):
            self.client.download_file(self.name, self.full(key), str(path))

    def size(self, key: str) -> int:
        with self.speaking(key):
            return int(self.client.head_object(Bucket=self.name, Key=self.full(key))["ContentLength"])

    def delete(self, key: str) -> None:
        """Remove the object; it need not be there."""
        with self.speaking(key):
            self.client.delete_object(Bucket=self.name, Key=self.full(key))

    def listed(self, prefix: str) -> Iterator[Listed]:
        """Every object below a prefix in the order of keys, a page of a thousand at a time."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=self.full(prefix))
        cut = len(self.full(""))
        with self.speaking(prefix):
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield Listed(entry["Key"][cut:], entry["Size"], entry["LastModified"])

    def url(self, key: str, *, content_type: str, seconds: int, attachment: str = "") -> str:
        """An address that anybody can read the object from for that long, with headers that let it be kept for ever."""
        headers = {
            "ResponseContentType": content_type,
            "ResponseCacheControl": f"private, max-age={365 * 86400}, immutable",
        }
        if attachment:
            headers["ResponseContentDisposition"] = attachment
        return str(self.storage.url(key, parameters=headers, expire=seconds))

    @contextmanager
    def speaking(self, key: str) -> Iterator[None]:
        """Turn the library's errors into ours."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in GONE:
                raise FileNotFoundError(f"{key} is not in the bucket {self.name}.") from error
            raise StorageUnavailable(self.sentence(code)) from error
        except (BotoCoreError, Boto3Error) as error:
            raise StorageUnavailable(f"The storage at {self.where()} does not answer: {error}.") from error

    def sentence(self, code: str) -> str:
        if code == "NoSuchBucket":
            return f"There is no bucket {self.name} at {self.where()}. HALFDAY_S3_BUCKET names it."
        if code in ("403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
            return f"The bucket {self.name} refuses access ({code}). Look at AWS_ACCESS_KEY_ID and its rights."
        return f"The bucket {self.name} at {self.where()} answered {code}."

    def where(self) -> str:
        return self.endpoint or "AWS"


def client_config(endpoint: str) -> Config:
    """Patient, and careful with what not every server that speaks S3 understands."""
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint else "auto"},
        max_pool_connections=CONNECTIONS,
        connect_timeout=5,
        read_timeout=60,
        retries={"mode": "standard", "max_attempts": 4},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


opened = lru_cache(maxsize=64)(Bucket)  # one connection pool for each; by what it is configured with


def store() -> Bucket | None:
    """The bucket that keeps this installation's bytes; None where a folder does."""
    if not settings.S3_BUCKET:
        return None
    return opened(settings.S3_BUCKET, settings.S3_PREFIX, settings.S3_ENDPOINT, settings.S3_REGION)


def seen_by_browsers(bucket: Bucket) -> Bucket:
    """The same bucket at the address that browsers reach it by."""
    endpoint = settings.S3_PUBLIC_ENDPOINT
    return opened(bucket.name, bucket.prefix, endpoint, settings.S3_REGION) if endpoint else bucket


def source(bucket: str) -> Bucket:
    """A whole bucket that images are imported from, at the same endpoint."""
    return opened(bucket, "", settings.S3_ENDPOINT, settings.S3_REGION)
