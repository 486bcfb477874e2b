use super::check_code;

#[test]
fn powertools_and_its_routes() {
    check_code(
        r#"
import os, boto3
from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, idempotent

logger, tracer = Logger(), Tracer()
app = APIGatewayRestResolver()
store = DynamoDBPersistenceLayer(table_name=os.environ["TABLE"])
s3 = boto3.client("s3")

@app.get("/files/<name>")
@tracer.capture_method
def file(name):
    secret = parameters.get_secret("token")
    return s3.get_object(Bucket=os.environ["BUCKET"], Key=f"files/{name}")

@tracer.capture_method
def unused():
    s3.delete_object(Bucket="a", Key="b")

@logger.inject_lambda_context
@idempotent(persistence_store=store)
def handler(event, context):
    parameters.SSMProvider().get("/config/a")
    return app.resolve(event, context)
"#,
        &[
            "dynamodb.GetItem(TableName=${Orders})",
            "dynamodb.PutItem(TableName=${Orders})",
            "dynamodb.UpdateItem(TableName=${Orders})",
            "dynamodb.DeleteItem(TableName=${Orders})",
            "secretsmanager.GetSecretValue(SecretId=token)",
            "s3.GetObject(Bucket=${Uploads}, Key=files/${?})",
            "ssm.GetParameter(Name=/config/a)",
        ],
    );
}

#[test]
fn pynamodb_models() {
    check_code(
        r#"
import os
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

class Todo(Model):
    class Meta:
        table_name = os.environ["TABLE"]
        region = "eu-west-1"
    id = UnicodeAttribute(hash_key=True)

class Task(Todo):
    def save(self):
        super(Task, self).save()

    def delete(self):
        super().delete()

def handler(event, context):
    Task("1").save()
    Task("1").delete()
    for todo in Todo.scan():
        todo.update(actions=[])
    Todo.get("1").delete()
    Todo(id="2").save()
    with Todo.batch_write() as batch:
        batch.save(Todo(id="3"))
"#,
        &[
            "dynamodb.PutItem(TableName=${Orders})",
            "dynamodb.DeleteItem(TableName=${Orders})",
            "dynamodb.Scan(TableName=${Orders})",
            "dynamodb.UpdateItem(TableName=${Orders})",
            "dynamodb.GetItem(TableName=${Orders})",
            "dynamodb.DeleteItem(TableName=${Orders})",
            "dynamodb.PutItem(TableName=${Orders})",
            "dynamodb.BatchWriteItem(RequestItems={${Orders}: -})",
        ],
    );
}

#[test]
fn chalice_and_flask_call_their_routes() {
    check_code(
        r#"
import boto3
from chalice import Chalice

app = Chalice(app_name="a")
table = boto3.resource("dynamodb").Table("t")

@app.route("/items")
def items():
    return table.scan()

@app.on_sqs_message(queue="jobs")
def jobs(event):
    table.put_item(Item={})

handler = app
"#,
        &["dynamodb.Scan(TableName=t)", "dynamodb.PutItem(Item={}, TableName=t)"],
    );
}

#[test]
fn s3_as_a_file_system() {
    check_code(
        r#"
import os
import awswrangler as wr
import pandas as pd
import s3fs
from smart_open import open as s3_open

def handler(event, context):
    frame = pd.read_csv("s3://in/" + event["name"])
    frame.to_parquet(f"s3://{os.environ['BUCKET']}/out.parquet")
    pd.read_csv("/tmp/local.csv")
    with s3_open("s3://b/k", "w") as file:
        file.write("x")
    s3fs.S3FileSystem().open("s3://b/k2")
    wr.s3.to_csv(frame, "s3://b/k3")
"#,
        &[
            "s3.GetObject(Bucket=in, Key=${?})",
            "s3.PutObject(Bucket=${Uploads}, Key=out.parquet)",
            "s3.PutObject(Bucket=b, Key=k)",
            "s3.GetObject(Bucket=b, Key=k2)",
            "s3.PutObject(Bucket=b, Key=k3)",
        ],
    );
}

#[test]
fn a_package_that_nothing_is_known_of_is_told_once() {
    check_code(
        r#"
import unheard_of

client = unheard_of.Client()

def handler(event, context):
    client.put(1)
    unheard_of.other()
"#,
        &["unresolved 4: unheard_of.Client(): package `unheard_of` is not in the project"],
    );
}

#[test]
fn steps_of_durable_functions_are_given_their_first_parameter() {
    check_code(
        r#"
import boto3
from aws_durable_execution_sdk_python import (
    DurableContext, durable_execution, durable_step, durable_with_child_context,
)

ecs = boto3.client("ecs")

@durable_step
def start(step, cluster, task):
    return ecs.run_task(cluster=cluster, taskDefinition=task)

@durable_with_child_context
def pay(child, function):
    child.invoke(function_name=function, payload={})

@durable_execution
def handler(event, context: DurableContext):
    context.step(start("c", "t"))
    context.run_in_child_context(pay("bill"))
    context.invoke(function_name="send", payload={})
"#,
        &[
            "lambda.CheckpointDurableExecution()",
            "lambda.GetDurableExecutionState()",
            "ecs.RunTask(cluster=c, taskDefinition=t)",
            "lambda.Invoke(FunctionName=bill)",
            "lambda.Invoke(FunctionName=send)",
        ],
    );
}

#[test]
fn extensions_are_asked_over_http() {
    check_code(
        r#"
import os
import urllib.request
import requests

def handler(event, context):
    app = os.environ["TABLE"]
    requests.get(f"http://localhost:2772/applications/{app}/environments/live/configurations/flags?flag=a")
    urllib.request.urlopen("http://localhost:2772/" + event["path"])
"#,
        &[
            "appconfigdata.StartConfigurationSession(ApplicationIdentifier=${Orders}, EnvironmentIdentifier=live, ConfigurationProfileIdentifier=flags)",
            "appconfigdata.GetLatestConfiguration()",
            "appconfigdata.StartConfigurationSession(ApplicationIdentifier=${?}, EnvironmentIdentifier=${?}, ConfigurationProfileIdentifier=${?})",
            "appconfigdata.GetLatestConfiguration()",
            "host localhost:2772",
            "host localhost:2772",
        ],
    );
}

#[test]
fn connectors_sign_tokens() {
    check_code(
        r#"
import aurora_dsql_psycopg2 as dsql

def handler(event, context):
    dsql.connect(host="h", user="admin").cursor().execute("select 1")
    dsql.connect(host="h", user="app")
"#,
        &["dsql.GenerateDbConnectAdminAuthToken()", "dsql.GenerateDbConnectAuthToken()"],
    );
}

#[test]
fn a_durable_step_gets_its_context_first() {
    check_code(
        r#"
import boto3, os
from aws_durable_execution_sdk_python import durable_step

@durable_step
def read(context, bucket, key):
    boto3.client("s3").get_object(Bucket=bucket, Key=key)

def handler(event, context):
    context.step(read(os.environ["BUCKET"], "a"))
"#,
        &["s3.GetObject(Bucket=${Uploads}, Key=a)"],
    );
}
