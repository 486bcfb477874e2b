import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

import boto3

TABLE = os.environ.get("TABLE", "orders")


class Base:
    client = boto3.client("dynamodb")

    @property
    def table(self):
        return boto3.resource("dynamodb").Table(TABLE)


class Store(Base):
    def __init__(self, *names, **options):
        super().__init__()
        self.names, self.options = [*names], {**options}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.table.put_item(Item={"id": "%s-%d" % ("a", 1)})


@lru_cache
def client(name: str = "s3"):
    return boto3.client(name)


async def pages(bucket):
    for page in client().get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield [entry["Key"] for entry in page.get("Contents", []) if entry]


def main(event):
    with Store("a", b=1) as store, ThreadPoolExecutor() as pool:
        pool.submit(store.client.get_item, TableName=TABLE, Key={})
    try:
        match event:
            case {"kind": kind, **rest} if kind:
                getattr(client(), "get_object")(Bucket=f"{kind}/x", **rest)
            case [first, *_]:
                global TABLE
                TABLE = first
    except (KeyError, ValueError) as error:
        raise RuntimeError from error
    else:
        return asyncio.run(pages("b"))
    finally:
        while (x := partial(client, "sqs")()):
            break
