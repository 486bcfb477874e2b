use super::check_code;

#[test]
fn each_way_has_its_own_values() {
    check_code(
        r#"
import boto3
one = boto3.resource("dynamodb").Table("one")

def handler(event, context):
    if event["x"]:
        table = boto3.resource("dynamodb").Table("a")
        table.put_item(Item={})
    elif event["y"]:
        return None
    else:
        table = one
        table.get_item(Key={})
    table.scan()
    name = "first"
    for x in event["list"]:
        table.query(IndexName=name)
        name = "second"
"#,
        &[
            "dynamodb.PutItem(Item={}, TableName=a)",
            "dynamodb.GetItem(Key={}, TableName=one)",
            "dynamodb.Scan(TableName=a)",
            "dynamodb.Scan(TableName=one)",
            "dynamodb.Query(IndexName=first, TableName=a)",
            "dynamodb.Query(IndexName=first, TableName=one)",
            "dynamodb.Query(IndexName=first|second, TableName=a)",
            "dynamodb.Query(IndexName=first|second, TableName=one)",
        ],
    );
}

#[test]
fn clients_that_are_made_when_they_are_first_needed() {
    check_code(
        r#"
import boto3
_client = None

def client():
    global _client
    if _client is None:
        _client = boto3.client("ssm")
    return _client

class Lazy:
    _s3 = None

    @property
    def s3(self):
        if not self._s3:
            self._s3 = boto3.client("s3")
        return self._s3

    @property
    def bucket(self):
        return self._bucket

    @bucket.setter
    def bucket(self, value):
        self._bucket = "my-" + value

def handler(event, context):
    try:
        client().get_parameter(Name="a")
    except client().exceptions.ParameterNotFound as error:
        client().put_parameter(Name="a", Value="b")
    lazy = Lazy()
    lazy.bucket = "files"
    lazy.s3.get_object(Bucket=lazy.bucket, Key="k")
"#,
        &[
            "ssm.GetParameter(Name=a)",
            "ssm.PutParameter(Name=a, Value=b)",
            "s3.GetObject(Bucket=my-files, Key=k)",
        ],
    );
}

#[test]
fn what_is_given_to_threads_and_pools_is_called() {
    check_code(
        r#"
import boto3
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool
from threading import Thread

sqs = boto3.client("sqs")

class Sender(Thread):
    def __init__(self, url):
        super().__init__()
        self.url = url

    def run(self):
        sqs.send_message(QueueUrl=self.url, MessageBody="x")

def put(client, key):
    client.put_object(Bucket="b", Key=key)

def remove(key):
    sqs.delete_message(QueueUrl="q", ReceiptHandle=key)

def handler(event, context):
    Sender("one").start()
    s3 = boto3.client("s3")
    with Pool() as pool:
        pool.starmap(put, [(s3, "k")])
    with ThreadPoolExecutor() as executor:
        executor.submit(put, s3, "k2")
        list(executor.map(remove, event["keys"]))
"#,
        &[
            "sqs.SendMessage(QueueUrl=one, MessageBody=x)",
            "s3.PutObject(Bucket=b, Key=?|-)",
            "s3.PutObject(Bucket=b, Key=k2)",
            "sqs.DeleteMessage(QueueUrl=q, ReceiptHandle=?)",
        ],
    );
}

#[test]
fn credentials_of_another_role_are_not_the_functions() {
    check_code(
        r#"
import boto3

def handler(event, context):
    sts = boto3.client("sts")
    role = sts.assume_role(RoleArn="arn:aws:iam::1:role/a", RoleSessionName="s")["Credentials"]
    other = boto3.client("s3", aws_access_key_id=role["AccessKeyId"], aws_secret_access_key=role["SecretAccessKey"])
    other.list_buckets()
"#,
        &["sts.AssumeRole(RoleArn=arn:aws:iam::1:role/a, RoleSessionName=s)"],
    );
}

#[test]
fn declared_types_say_what_a_parameter_is() {
    check_code(
        r#"
from __future__ import annotations
import injector
from mypy_boto3_s3 import S3Client
from mypy_boto3_dynamodb.service_resource import Table

@injector.inject
def handler(event, context, s3: S3Client = None, table: "Table | None" = None):
    load(s3=event)

def load(s3: S3Client):
    s3.get_object(Bucket="b", Key="k")
"#,
        &[
            "s3.GetObject(Bucket=b, Key=k)",
            "unresolved 7: injector.inject: package `injector` is not in the project",
        ],
    );
}
