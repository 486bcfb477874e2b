"""Runs a sample application's handlers under the roles that casemate derives for them.

usage: run.py POLICIES APPLICATION

A cloud on loopback enforces the roles. Every handler must do its work, and every call of a list,
on the application's own resources and on others, must be refused unless its function needs it.
"""

import base64
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

import boto3
import parliament
from botocore.exceptions import ClientError

HERE = pathlib.Path(__file__).resolve().parent
REGION, ACCOUNT = "eu-central-1", "123456789012"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}

# What each function is given, and what shows that it did its work.
BOOKING = {"account": "a", "number": "1", "day": "2026-11-22", "amount": "5", "memo": "rent"}
RECEIPT = base64.b64encode(b"%PDF").decode()
EVENTS = {
    "Receive": {"body": json.dumps(BOOKING | {"receipt": RECEIPT})},
    "Settle": {"Records": [{"messageId": "m", "body": json.dumps({"account": "a", "number": "1"})}]},
    "Report": {"time": "2026-11-22T00:00:00Z"},
}
HANDLERS = {
    "Receive": ("receive", "app"),
    "Settle": ("settle", "app"),
    "Report": ("report", "statement.daily"),
}


def main():
    policies = json.loads(pathlib.Path(sys.argv[1]).read_text())
    application = pathlib.Path(sys.argv[2])
    for name, policy in policies.items():
        lint(name, policy)
    with cloud() as endpoint:
        os.environ["AWS_ENDPOINT_URL"] = endpoint
        names = deploy(client)
        credentials = {name: role(name, policies[name]) for name in HANDLERS}
        enforce(endpoint)
        for name in HANDLERS:
            answer = invoke(application, name, names, credentials[name], endpoint)
            print(f"{name}: {answer}")
        checks = refused = 0
        for name in HANDLERS:
            allowed, denied = probe(credentials[name], names)
            checks += len(allowed) + len(denied)
            refused += len(denied)
            expect(name, allowed)
        print(f"{len(HANDLERS)} handlers did their work; of {checks} calls {refused} were refused, and no other")


def lint(name, policy):
    """Every action exists, and takes a resource of the kind that stands beside it."""
    issues = parliament.analyze_policy_string(json.dumps(policy)).findings
    wrong = [issue for issue in issues if issue.issue in ("UNKNOWN_ACTION", "UNKNOWN_PREFIX", "RESOURCE_MISMATCH", "MALFORMED", "INVALID_ARN")]
    if wrong:
        raise SystemExit(f"{name}: " + "; ".join(f"{issue.issue} {issue.detail} {issue.location}" for issue in wrong))


def client(service, credentials=None):
    keys = credentials or {"AccessKeyId": "setup", "SecretAccessKey": "setup", "SessionToken": None}
    return boto3.client(
        service,
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


@contextlib.contextmanager
def cloud():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, HERE / "server.py", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{endpoint}/moto-api/data.json").close()
                break
            time.sleep(0.1)
        else:
            raise SystemExit("the cloud did not start")
        yield endpoint
    finally:
        server.terminate()
        server.wait()


def deploy(client):
    """Makes what the template declares, and things outside of it; returns the environment."""
    s3, dynamodb = client("s3"), client("dynamodb")
    for bucket in ("ledger-receipts", "ledger-statements", "elsewhere"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=bucket, Key="withdrawn/1.pdf", Body=b"x")
    for table in ("ledger-entries", "elsewhere"):
        text = [{"AttributeName": name, "AttributeType": "S"} for name in ("account", "number", "day")]
        keys = [{"AttributeName": "account", "KeyType": "HASH"}, {"AttributeName": "number", "KeyType": "RANGE"}]
        by_day = [{"AttributeName": "day", "KeyType": "HASH"}, {"AttributeName": "number", "KeyType": "RANGE"}]
        dynamodb.create_table(
            TableName=table, BillingMode="PAY_PER_REQUEST", AttributeDefinitions=text, KeySchema=keys,
            GlobalSecondaryIndexes=[{"IndexName": "by-day", "KeySchema": by_day, "Projection": {"ProjectionType": "ALL"}}],
        )
    sqs, sns, secrets, kms = client("sqs"), client("sns"), client("secretsmanager"), client("kms")
    other = sqs.create_queue(QueueName="elsewhere")["QueueUrl"]
    bank = secrets.create_secret(Name="ledger-bank", SecretString=json.dumps({"user": "ledger", "password": "p"}))
    secrets.create_secret(Name="elsewhere", SecretString="s")
    return {
        "ENTRIES": "ledger-entries",
        "RECEIPTS": "ledger-receipts",
        "STATEMENTS": "ledger-statements",
        "SETTLEMENTS": sqs.create_queue(QueueName="ledger-settlements")["QueueUrl"],
        "SETTLED": sns.create_topic(Name="ledger-settled")["TopicArn"],
        "BANK": bank["ARN"],
        "OTHER_QUEUE": other,
        "OTHER_TOPIC": sns.create_topic(Name="elsewhere")["TopicArn"],
        "MEMOS": kms.create_key()["KeyMetadata"]["Arn"],
    }


def role(name, policy):
    iam = client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName=name, PolicyName="least", PolicyDocument=json.dumps(policy))
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    return client("sts").assume_role(RoleArn=arn, RoleSessionName=name)["Credentials"]


def enforce(endpoint):
    """From here on every request needs its permission."""
    headers = {"Content-Type": "text/plain"}
    request = urllib.request.Request(f"{endpoint}/moto-api/reset-auth", data=b"0", headers=headers)
    urllib.request.urlopen(request).close()


def invoke(application, name, names, credentials, endpoint):
    folder, module = HANDLERS[name]
    environment = os.environ | names | {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    program = (
        "import importlib, json, sys; "
        f"print(json.dumps(importlib.import_module({module!r}).handler(json.load(sys.stdin), None)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=application / folder, env=environment,
        input=json.dumps(EVENTS[name]), capture_output=True, text=True,
    )
    if run.returncode:
        raise SystemExit(f"{name} failed under its role:\n{run.stderr}")
    return run.stdout.strip()


def probe(credentials, names):
    """Tries every call of the list; returns the names of those allowed and of those refused."""
    key = {"account": {"S": "a"}, "number": {"S": "1"}}
    item = key | {"day": {"S": "d"}}
    found = {"TableName": "ledger-entries"}
    calls = {}
    objects = {"ledger-receipts": "a/1.pdf", "ledger-statements": "daily/2026-11-22.csv", "elsewhere": "k"}
    for bucket, name in objects.items():
        place = {"Bucket": bucket, "Key": name}
        calls |= {
            f"s3:PutObject {bucket}": ("s3", "put_object", place | {"Body": b""}),
            f"s3:GetObject {bucket}": ("s3", "get_object", place),
            f"s3:ListBucket {bucket}": ("s3", "list_objects_v2", {"Bucket": bucket}),
            f"s3:DeleteObject {bucket}": ("s3", "delete_object", place),
            f"s3:DeleteBucket {bucket}": ("s3", "delete_bucket", {"Bucket": bucket}),
        }
    for table in ("ledger-entries", "elsewhere"):
        found = {"TableName": table}
        by_day = {"KeyConditionExpression": "#d = :d", "ExpressionAttributeNames": {"#d": "day"},
                  "ExpressionAttributeValues": {":d": {"S": "d"}}}
        calls |= {
            f"dynamodb:PutItem {table}": ("dynamodb", "put_item", found | {"Item": item}),
            f"dynamodb:GetItem {table}": ("dynamodb", "get_item", found | {"Key": key}),
            f"dynamodb:UpdateItem {table}": ("dynamodb", "update_item", found | {"Key": key}),
            f"dynamodb:DeleteItem {table}": ("dynamodb", "delete_item", found | {"Key": key}),
            f"dynamodb:Scan {table}": ("dynamodb", "scan", found),
            f"dynamodb:Query {table}/index/by-day": ("dynamodb", "query", found | {"IndexName": "by-day"} | by_day),
            f"dynamodb:DeleteTable {table}": ("dynamodb", "delete_table", found),
        }
    queues = {"ledger-settlements": names["SETTLEMENTS"], "elsewhere": names["OTHER_QUEUE"]}
    for queue, url in queues.items():
        calls |= {
            f"sqs:SendMessage {queue}": ("sqs", "send_message", {"QueueUrl": url, "MessageBody": "m"}),
            f"sqs:ReceiveMessage {queue}": ("sqs", "receive_message", {"QueueUrl": url}),
            f"sqs:PurgeQueue {queue}": ("sqs", "purge_queue", {"QueueUrl": url}),
        }
    for topic, arn in {"ledger-settled": names["SETTLED"], "elsewhere": names["OTHER_TOPIC"]}.items():
        calls[f"sns:Publish {topic}"] = ("sns", "publish", {"TopicArn": arn, "Message": "m"})
    for secret in (names["BANK"], "elsewhere"):
        last = secret.rsplit(":", 1)[-1].rsplit("-", 1)[0] if secret.startswith("arn:") else secret
        calls[f"secretsmanager:GetSecretValue {last}"] = ("secretsmanager", "get_secret_value", {"SecretId": secret})
        calls[f"secretsmanager:DeleteSecret {last}"] = ("secretsmanager", "delete_secret", {"SecretId": secret})
    calls["iam:CreateUser"] = ("iam", "create_user", {"UserName": "u"})
    calls["kms:ScheduleKeyDeletion"] = ("kms", "schedule_key_deletion", {"KeyId": names["MEMOS"]})
    calls["kms:Decrypt"] = ("kms", "decrypt", {"KeyId": names["MEMOS"], "CiphertextBlob": b"c"})
    calls["kms:Encrypt"] = ("kms", "encrypt", {"KeyId": names["MEMOS"], "Plaintext": b"p"})
    allowed, denied = set(), set()
    for name, (service, operation, arguments) in calls.items():
        try:
            getattr(client(service, credentials), operation)(**arguments)
            allowed.add(name)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            (denied if code in ("AccessDenied", "AccessDeniedException", "403") else allowed).add(name)
    return allowed, denied


# Read from the handlers by hand; what the platform needs of the queue is the first of Settle's.
NEEDED = {
    "Receive": {
        "dynamodb:PutItem ledger-entries",
        "kms:Decrypt",  # of the receipts' key: an upload in parts reads back
        "kms:Encrypt",
        "s3:PutObject ledger-receipts",
        "sqs:SendMessage ledger-settlements",
    },
    "Settle": {
        "sqs:ReceiveMessage ledger-settlements",
        "dynamodb:GetItem ledger-entries",
        "dynamodb:UpdateItem ledger-entries",
        "secretsmanager:GetSecretValue ledger-bank",
        "sns:Publish ledger-settled",
    },
    "Report": {
        "dynamodb:Query ledger-entries/index/by-day",
        "kms:Decrypt",  # of the receipts' key, for the link
        "s3:DeleteObject ledger-receipts",
        "s3:GetObject ledger-receipts",
        "s3:ListBucket ledger-receipts",
        "s3:PutObject ledger-statements",
    },
}


def expect(name, allowed):
    if allowed != NEEDED[name]:
        raise SystemExit(
            f"{name}: allowed beyond need {sorted(allowed - NEEDED[name])}, "
            f"refused though needed {sorted(NEEDED[name] - allowed)}"
        )


main()
