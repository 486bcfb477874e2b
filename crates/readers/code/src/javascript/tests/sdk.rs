use super::check;

#[test]
fn version_3_clients_and_commands() {
    let code = "
        import { S3Client, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
        import * as sqs from '@aws-sdk/client-sqs';
        const client = new S3Client({ region: 'eu-west-1' });
        export const handler = async (event) => {
          const input = { Bucket: process.env.BUCKET, Key: `in/${event.key}` };
          await client.send(new GetObjectCommand(input));
          const command = new PutObjectCommand({ ...input, Key: 'out' });
          await client.send(command);
          const queue = new sqs.SQSClient();
          await queue.send(new sqs.SendMessageCommand({ QueueUrl: 'https://q' }), (error, data) => {});
        };";
    check(
        &[("index.mjs", code)],
        &[
            "s3.GetObject(Bucket=${Bucket}, Key=in/${?}, casemate:Region=eu-west-1)",
            "s3.PutObject(Bucket=${Bucket}, Key=out, casemate:Region=eu-west-1)",
            "sqs.SendMessage(QueueUrl=https://q)",
        ],
    );
}

#[test]
fn version_3_aggregated_clients() {
    let code = "
        const { S3 } = require('@aws-sdk/client-s3');
        const { DynamoDB } = require('@aws-sdk/client-dynamodb');
        exports.handler = async () => {
          const s3 = new S3({});
          await s3.headObject({ Bucket: process.env.BUCKET, Key: 'a' });
          new DynamoDB().getItem({ TableName: process.env.TABLE }, (error, data) => s3.listBuckets({}));
        };";
    check(
        &[("index.js", code)],
        &[
            "s3.HeadObject(Bucket=${Bucket}, Key=a)",
            "dynamodb.GetItem(TableName=${Table})",
            "s3.ListBuckets()",
        ],
    );
}

#[test]
fn the_document_client_of_version_3() {
    let code = "
        import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
        import { DynamoDBDocumentClient, DynamoDBDocument, GetCommand, TransactWriteCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
        const TableName = process.env.TABLE;
        const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
        const whole = DynamoDBDocument.from(new DynamoDBClient({}));
        export const handler = async () => {
          await client.send(new GetCommand({ TableName, Key: { id: 1 } }));
          await client.send(new TransactWriteCommand({ TransactItems: [] }));
          await whole.put({ TableName, Item: {} });
          for await (const page of paginateQuery({ client }, { TableName })) { page.Items.map((item) => item.id); }
        };";
    check(
        &[("index.mjs", code)],
        &[
            "dynamodb.GetItem(TableName=${Table})",
            "dynamodb.TransactWriteItems()",
            "dynamodb.PutItem(TableName=${Table})",
            "dynamodb.Query(TableName=${Table})",
        ],
    );
}

#[test]
fn uploads_and_signed_addresses() {
    let code = "
        import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';
        import { Upload } from '@aws-sdk/lib-storage';
        import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
        import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
        const client = new S3Client();
        const Bucket = process.env.BUCKET;
        export const handler = async () => {
          const upload = new Upload({ client, params: { Bucket, Key: 'big' } });
          upload.on('httpUploadProgress', (progress) => console.log(progress));
          await upload.done();
          await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'signed' }), { expiresIn: 60 });
          await createPresignedPost(client, { Bucket, Key: 'posted' });
        };";
    check(
        &[("index.mjs", code)],
        &[
            "s3.PutObject(Bucket=${Bucket}, Key=big)",
            "s3.CreateMultipartUpload(Bucket=${Bucket}, Key=big)",
            "s3.UploadPart(Bucket=${Bucket}, Key=big)",
            "s3.CompleteMultipartUpload(Bucket=${Bucket}, Key=big)",
            "s3.AbortMultipartUpload(Bucket=${Bucket}, Key=big)",
            "s3.PutObject(Bucket=${Bucket}, Key=signed)",
            "s3.PutObject(Bucket=${Bucket}, Key=posted)",
        ],
    );
}

#[test]
fn paginators_and_waiters() {
    let code = "
        import { S3Client, paginateListObjectsV2, waitUntilObjectExists } from '@aws-sdk/client-s3';
        const client = new S3Client();
        export const handler = async () => {
          for await (const page of paginateListObjectsV2({ client }, { Bucket: process.env.BUCKET })) console.log(page);
          await waitUntilObjectExists({ client, maxWaitTime: 9 }, { Bucket: 'other', Key: 'k' });
        };";
    check(
        &[("index.mjs", code)],
        &["s3.ListObjectsV2(Bucket=${Bucket})", "s3.HeadObject(Bucket=other, Key=k)"],
    );
}

#[test]
fn version_2() {
    let code = "
        const AWS = require('aws-sdk');
        const S3 = require('aws-sdk/clients/s3');
        const { DocumentClient } = require('aws-sdk/clients/dynamodb');
        AWS.config.update({ region: 'eu-west-1' });
        const s3 = new S3({ params: { Bucket: process.env.BUCKET } });
        const tables = new DocumentClient();
        const functions = new AWS.Lambda();
        exports.handler = (event, context, callback) => {
          s3.getObject({ Key: 'a' }, (error, data) => {
            if (error) return callback(error);
            functions.invoke({ FunctionName: 'next' }).promise().then(() => callback(null, data));
          });
          tables.get({ TableName: process.env.TABLE, Key: event }).promise().catch(callback);
          s3.getSignedUrl('putObject', { Key: 'signed' });
          s3.upload({ Key: 'up' }).on('httpUploadProgress', () => {}).send(callback);
          s3.waitFor('objectExists', { Key: 'a' }).promise();
          new AWS.DynamoDB().describeTable({ TableName: process.env.TABLE }).promise();
        };";
    check(
        &[("index.js", code)],
        &[
            "s3.GetObject(Bucket=${Bucket}, Key=a)",
            "lambda.Invoke(FunctionName=next)",
            "dynamodb.GetItem(TableName=${Table})",
            "s3.PutObject(Bucket=${Bucket}, Key=signed)",
            "s3.PutObject(Bucket=${Bucket}, Key=up)",
            "s3.CreateMultipartUpload(Bucket=${Bucket}, Key=up)",
            "s3.UploadPart(Bucket=${Bucket}, Key=up)",
            "s3.CompleteMultipartUpload(Bucket=${Bucket}, Key=up)",
            "s3.AbortMultipartUpload(Bucket=${Bucket}, Key=up)",
            "s3.HeadObject(Bucket=${Bucket}, Key=a)",
            "dynamodb.DescribeTable(TableName=${Table})",
        ],
    );
}

#[test]
fn wrapped_clients() {
    let code = "
        const AWSXRay = require('aws-xray-sdk-core');
        const AWS = AWSXRay.captureAWS(require('aws-sdk'));
        const { Tracer } = require('@aws-lambda-powertools/tracer');
        const { SQSClient, PurgeQueueCommand } = require('@aws-sdk/client-sqs');
        const tracer = new Tracer({ serviceName: 'a' });
        const queue = tracer.captureAWSv3Client(new SQSClient({}));
        const topics = AWSXRay.captureAWSClient(new AWS.SNS());
        exports.handler = async () => {
          await topics.publish({ TopicArn: 'arn:t' }).promise();
          await queue.send(new PurgeQueueCommand({ QueueUrl: 'u' }));
        };";
    check(&[("index.js", code)], &["sns.Publish(TopicArn=arn:t)", "sqs.PurgeQueue(QueueUrl=u)"]);
}

#[test]
fn what_libraries_call() {
    let code = "
        import middy from '@middy/core';
        import { getParameter, SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
        import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
        import { DynamoDBProvider } from '@aws-lambda-powertools/parameters/dynamodb';
        import { Table, Entity } from 'dynamodb-toolbox';
        import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
        const table = new Table({ name: process.env.TABLE, partitionKey: 'pk' });
        const User = new Entity({ name: 'User', table, attributes: {} });
        const work = async () => {
          await getParameter('/app/key', { decrypt: true });
          await new SSMProvider().getMultiple('/app');
          await getSecret('token');
          await new DynamoDBProvider({ tableName: process.env.TABLE }).get('a');
          await User.put({ id: 1 });
          await new S3Client().send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
        };
        export const handler = middy(work).use({ before: async () => { await getSecret('before'); } });";
    check(
        &[("index.mjs", code)],
        &[
            "ssm.GetParameter(Name=/app/key, ?)",
            "ssm.GetParametersByPath(Path=/app, ?)",
            "secretsmanager.GetSecretValue(SecretId=token, ?)",
            "dynamodb.GetItem(TableName=${Table}, ?)",
            "dynamodb.PutItem(TableName=${Table}, ?)",
            "s3.GetObject(Bucket=b, Key=k)",
            "secretsmanager.GetSecretValue(SecretId=before, ?)",
        ],
    );
}

#[test]
fn the_address_of_a_client_goes_with_its_calls() {
    let code = "
        import { ApiGatewayManagementApiClient, PostToConnectionCommand, ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi';
        import AWS from 'aws-sdk';
        const endpoint = `https://${process.env.TABLE}/live`;
        export const handler = async () => {
          const client = new ApiGatewayManagementApiClient({ endpoint });
          await client.send(new PostToConnectionCommand({ ConnectionId: 'a' }));
          await new ApiGatewayManagementApi({ endpoint }).postToConnection({ ConnectionId: 'b' });
          await new AWS.ApiGatewayManagementApi({ endpoint }).postToConnection({ ConnectionId: 'c' }).promise();
        };";
    let call = |id: &str| {
        let address = "casemate:Endpoint=https://${Table}/live";
        format!("apigatewaymanagementapi.PostToConnection(ConnectionId={id}, {address})")
    };
    let expect = ["a", "b", "c"].map(call);
    check(&[("index.mjs", code)], &expect.each_ref().map(String::as_str));
}

#[test]
fn what_is_escaped_names_the_same() {
    let code = "
        import { S3 } from '@aws-sdk/client-s3';
        export const handler = async (event) => {
          const source = encodeURIComponent(`${process.env.BUCKET}/${event.key}`);
          await new S3().copyObject({ Bucket: 'to', Key: 'k', CopySource: source });
        };";
    check(&[("index.mjs", code)], &["s3.CopyObject(Bucket=to, Key=k, CopySource=${Bucket}/${?})"]);
}

#[test]
fn clients_are_told_a_region_and_credentials() {
    let code = "
        import AWS from 'aws-sdk';
        import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
        import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
        import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
        import { fromTemporaryCredentials, fromNodeProviderChain } from '@aws-sdk/credential-providers';
        import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts';
        const publish = new PublishCommand({ TopicArn: 't' });
        const own = { accessKeyId: process.env.AWS_ACCESS_KEY_ID };
        export const handler = async (event) => {
          await new SNSClient({ region: 'us-east-1' }).send(publish);
          await new SNSClient({ region: process.env.AWS_REGION }).send(publish);
          await new SNSClient({ region: 'eu-west-1' }).send(new PublishCommand(event));
          await new AWS.SQS({ region: 'us-east-1' }).sendMessage({ QueueUrl: 'q' }).promise();
          await new SNSClient({ credentials: fromNodeProviderChain() }).send(publish);
          await new SNSClient({ region: 'own', credentials: own }).send(publish);
          const credentials = fromTemporaryCredentials({ params: { RoleArn: 'r' } });
          await new SNSClient({ credentials }).send(publish);
          const client = new DynamoDBClient({ credentials: event.requestContext.authorizer });
          await DynamoDBDocumentClient.from(client).send(new GetCommand({ TableName: 't' }));
          const { Credentials } = await new STSClient({}).send(new AssumeRoleCommand({ RoleArn: 'x' }));
          const key = { accessKeyId: Credentials.AccessKeyId };
          await new AWS.SQS({ credentials: key }).sendMessage({ QueueUrl: 'q' }).promise();
          await new AWS.SQS({ ...key }).sendMessage({ QueueUrl: 'q' }).promise();
        };";
    check(
        &[("index.mjs", code)],
        &[
            "sns.Publish(TopicArn=t, casemate:Region=us-east-1)",
            "sns.Publish(TopicArn=t, casemate:Region=${AWS::Region})",
            "sns.Publish(casemate:Region=eu-west-1, ?)",
            "sqs.SendMessage(QueueUrl=q, casemate:Region=us-east-1)",
            "sns.Publish(TopicArn=t)",
            "sns.Publish(TopicArn=t, casemate:Region=own)",
            "sts.AssumeRole(RoleArn=r)",
            "sts.AssumeRole(RoleArn=x)",
        ],
    );
}

#[test]
fn tokens_for_databases_are_signed() {
    let code = "
        import { Signer } from '@aws-sdk/rds-signer';
        import { DsqlSigner } from '@aws-sdk/dsql-signer';
        export const handler = async () => {
          await new Signer({ hostname: 'h', port: 3306, username: 'report' }).getAuthToken();
          const signer = new DsqlSigner({ hostname: 'h' });
          await signer.getDbConnectAuthToken();
          await signer.getDbConnectAdminAuthToken();
        };";
    check(
        &[("index.mjs", code)],
        &[
            "rds.GenerateDBAuthToken(DBUsername=report)",
            "dsql.GenerateDbConnectAuthToken()",
            "dsql.GenerateDbConnectAdminAuthToken()",
        ],
    );
}
