use super::{check, check_code};

#[test]
fn a_client_calls_with_a_variable_of_the_template() {
    check_code(
        r#"
import os
import boto3

dynamodb = boto3.client("dynamodb")
TABLE = os.environ["TABLE"]

def handler(event, context):
    item = dynamodb.get_item(TableName=TABLE, Key={"id": {"S": event["id"]}})
    return item["Item"]
"#,
        &["dynamodb.GetItem(TableName=${Orders}, Key={id: {S: ?}})"],
    );
}

#[test]
fn json_loads_reach_nothing() {
    check_code(
        r#"
import json

def handler(event, context):
    with open("config.json") as file:
        config = json.load(file)
    return json.loads(config["body"]).get("get_object")
"#,
        &[],
    );
}

#[test]
fn what_the_handler_does_not_reach_grants_nothing() {
    check_code(
        r#"
import boto3
sqs = boto3.client("sqs")
s3 = boto3.client("s3")

def unused():
    s3.delete_bucket(Bucket="a")

class Unused:
    def put(self):
        s3.put_object(Bucket="a", Key="b")

def handler(event, context):
    if False:
        s3.list_buckets()
    return event

if __name__ == "__main__":
    s3.create_bucket(Bucket="a")
"#,
        &[],
    );
}

#[test]
fn transfers_are_the_operations_they_make() {
    check_code(
        r#"
import os, boto3
s3 = boto3.client("s3")

def handler(event, context):
    s3.download_file(Bucket=os.environ["BUCKET"], Key="in.csv", Filename="/tmp/in.csv")
    s3.upload_file("/tmp/out.csv", "results", "out.csv", ExtraArgs={"ACL": "public-read"})
    s3.copy({"Bucket": "one", "Key": "a"}, "two", "b")
"#,
        &[
            "s3.HeadObject(Bucket=${Uploads}, Key=in.csv)",
            "s3.GetObject(Bucket=${Uploads}, Key=in.csv)",
            "s3.PutObject(Bucket=results, Key=out.csv, ACL=public-read)",
            "s3.HeadObject(Bucket=one, Key=a)",
            "s3.CopyObject(CopySource={Bucket: one, Key: a}, Bucket=two, Key=b)",
        ],
    );
}

#[test]
fn a_signed_address_needs_the_operation_that_is_signed() {
    check_code(
        r#"
import os, boto3

def handler(event, context):
    s3 = boto3.client("s3")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": os.environ["BUCKET"], "Key": event["k"]})
    form = s3.generate_presigned_post(os.environ["BUCKET"], "in")
    return url, form
"#,
        &["s3.GetObject(Bucket=${Uploads}, Key=?)", "s3.PutObject(Bucket=${Uploads}, Key=in)"],
    );
}

#[test]
fn resources_call_what_their_models_say() {
    check_code(
        r#"
import os, boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    boto3.resource("dynamodb").Table("other").get_item(Key={"id": "1"})
    table.put_item(Item=event)
    with table.batch_writer() as batch:
        batch.put_item(Item={})
    bucket = boto3.resource("s3").Bucket(os.environ["BUCKET"])
    for summary in bucket.objects.filter(Prefix="in/"):
        body = summary.get()["Body"].read()
    boto3.resource("s3").Object(bucket.name, "k").put(Body=b"")
    bucket.download_file("k", "/tmp/k")
    queue = boto3.resource("sqs").get_queue_by_name(QueueName="jobs")
    queue.send_message(MessageBody="x")
"#,
        &[
            "dynamodb.GetItem(Key={id: 1}, TableName=other)",
            "dynamodb.PutItem(Item=?, TableName=${Orders})",
            "dynamodb.BatchWriteItem(RequestItems={${Orders}: -})",
            "s3.ListObjects(Prefix=in/, Bucket=${Uploads})",
            "s3.GetObject(Bucket=${Uploads}, Key=?)",
            "s3.PutObject(Body=?, Bucket=${Uploads}, Key=k)",
            "s3.HeadObject(Bucket=${Uploads}, Key=k)",
            "s3.GetObject(Bucket=${Uploads}, Key=k)",
            "sqs.GetQueueUrl(QueueName=jobs)",
            "sqs.SendMessage(MessageBody=x, QueueUrl=https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/jobs)",
        ],
    );
}

#[test]
fn waiters_paginators_and_meta() {
    check_code(
        r#"
import boto3
session = boto3.Session()
s3 = session.client("s3")
db = boto3.resource("dynamodb")

def handler(event, context):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="b"):
        for entry in page["Contents"]:
            entry.get("Key")
    s3.get_waiter("object_exists").wait(Bucket="b", Key="k")
    db.meta.client.describe_table(TableName="t")
    db.Table("t").wait_until_exists()
"#,
        &[
            "s3.ListObjectsV2(Bucket=b)",
            "s3.HeadObject(Bucket=b, Key=k)",
            "dynamodb.DescribeTable(TableName=t)",
            "dynamodb.DescribeTable(TableName=t)",
        ],
    );
}

#[test]
fn factories_wrappers_attributes_and_names_made_at_run_time() {
    check(
        &[
            (
                "app.py",
                r#"
from functools import partial
from lib.store import Store, make
from lib import names as n

store = Store("orders")

def handler(event, context):
    store.save(event)
    getattr(make("s3"), "get_object")(Bucket=n.BUCKET, Key="k")
    for name in ["sqs", "sns"]:
        client = make(name)
        client.publish(TopicArn="arn") if name == "sns" else client.send_message(QueueUrl="q")
    clients = {kind: make(kind) for kind in ("ssm", "kms")}
    clients["ssm"].get_parameter(Name="/a")
    put = partial(make("events").put_events, Entries=[])
    put()
    [delete(table) for table in ("a", "b")]

def delete(name, client=make("dynamodb")):
    client.delete_table(TableName=name)
"#,
            ),
            ("lib/__init__.py", ""),
            ("lib/names.py", "PREFIX = 'my'\nBUCKET = f'{PREFIX}-bucket'\n"),
            (
                "lib/store.py",
                r#"
import boto3

def make(name):
    return boto3.client(name)

class Base:
    client = make("dynamodb")

class Store(Base):
    def __init__(self, table):
        self.table = "prefix-" + table

    def save(self, item):
        self._put(Item=item)

    def _put(self, **options):
        self.client.put_item(TableName=self.table, **options)
"#,
            ),
        ],
        &[
            "dynamodb.PutItem(TableName=prefix-orders, Item=?)",
            "s3.GetObject(Bucket=my-bucket, Key=k)",
            "sqs.SendMessage(QueueUrl=q)",
            "sns.Publish(TopicArn=arn)",
            "ssm.GetParameter(Name=/a)",
            "events.PutEvents(Entries=[])",
            "dynamodb.DeleteTable(TableName=a)",
            "dynamodb.DeleteTable(TableName=b)",
        ],
    );
}

#[test]
fn a_receiver_that_is_not_known_is_told() {
    check_code(
        r#"
import os, boto3

def handler(event, context):
    client = boto3.client(os.environ["SERVICE"])
    client.get_object(Bucket="b", Key="k")
    client.close()
"#,
        &[
            "unresolved 6: client.get_object(Bucket=\"b\", Key=\"k\"): the receiver is not known: the name of the service is not known",
        ],
    );
}

#[test]
fn hosts_processes_and_files() {
    check_code(
        r#"
import os, subprocess, requests
import urllib.request

def handler(event, context):
    requests.get("https://api.example.com/v1/items", timeout=3)
    with requests.Session() as session:
        session.post(f"https://{event['h']}.example.com:8443/x")
    urllib.request.urlopen("http://user@host.example.org?x=1")
    subprocess.run(["ls", "-l"], check=True)
    os.system("date")
    with open("/tmp/a.txt", "w") as file:
        file.write("x")
"#,
        &[
            "host api.example.com",
            "host ${?}.example.com:8443",
            "host host.example.org",
            "process ls -l",
            "process date",
            "writes /tmp/a.txt",
        ],
    );
}

#[test]
fn the_address_of_a_client_goes_with_its_calls() {
    check_code(
        r#"
import boto3, os

def handler(event, context):
    api = boto3.client("apigatewaymanagementapi", endpoint_url=f"https://{os.environ['TABLE']}.execute-api/live")
    api.post_to_connection(ConnectionId="a", Data=b"")
"#,
        &[
            "apigatewaymanagementapi.PostToConnection(ConnectionId=a, Data=?, casemate:Endpoint=https://${Orders}.execute-api/live)",
        ],
    );
}

#[test]
fn clients_are_told_a_region_and_credentials() {
    check_code(
        r#"
import os
import boto3

session = boto3.Session(region_name="us-east-1")

def handler(event, context):
    session.client("sns").publish(TopicArn="t")
    session.client("sns", region_name="eu-west-1").publish(TopicArn="t")
    boto3.client("sns", region_name=os.environ["AWS_REGION"]).publish(TopicArn="t")
    boto3.client("sns", region_name=event["region"]).publish(TopicArn="t")
    boto3.resource("dynamodb", region_name="eu-west-1").Table("t").scan()
    boto3.client("sns", aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"]).list_topics()
    other = boto3.Session(aws_access_key_id=event["key"])
    other.client("sqs").get_paginator("list_queues").paginate()
    other.client("sqs").list_queues()
"#,
        &[
            "sns.Publish(TopicArn=t, casemate:Region=us-east-1)",
            "sns.Publish(TopicArn=t, casemate:Region=eu-west-1)",
            "sns.Publish(TopicArn=t, casemate:Region=${AWS::Region})",
            "sns.Publish(TopicArn=t, casemate:Region=?)",
            "dynamodb.Scan(TableName=t, casemate:Region=eu-west-1)",
            "sns.ListTopics()",
        ],
    );
}
