use super::check;

/// The beginning of most files here.
const S3: &str =
    "import { S3Client, GetObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';\n";

fn check_s3(code: &str, expect: &[&str]) {
    check(&[("index.ts", &format!("{S3}{code}"))], expect);
}

#[test]
fn what_is_not_reached_grants_nothing() {
    check_s3(
        "const client = new S3Client();
         async function unused() { await client.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'k' })); }
         export const other = unused;
         export const handler = async (event) => {
           const order = JSON.parse(event.body);
           order.items.map((item) => item.get('x')).filter(Boolean);
           new GetObjectCommand({ Bucket: 'never sent' });
           return { statusCode: 200, body: JSON.stringify(order) };
         };",
        &[],
    );
}

#[test]
fn factories_wrappers_and_closures() {
    check_s3(
        "const make = (region?: string) => new S3Client({ region });
         const wrap = (client: S3Client) => ({ read: (Key: string) => client.send(new GetObjectCommand({ Bucket: 'b', Key })) });
         const withRetry = async <T>(work: () => Promise<T>): Promise<T> => { try { return await work(); } catch { return work(); } };
         let cached: S3Client | undefined;
         const lazily = () => { if (!cached) { cached = make(); } return cached; };
         export const handler = async () => {
           await wrap(make()).read('wrapped');
           await withRetry(() => lazily().send(new DeleteObjectCommand({ Bucket: 'b', Key: 'lazy' })));
         };",
        &["s3.GetObject(Bucket=b, Key=wrapped)", "s3.DeleteObject(Bucket=b, Key=lazy)"],
    );
}

#[test]
fn classes() {
    check_s3(
        "abstract class Base { protected client = new S3Client(); abstract name(): string;
           read() { return this.client.send(new GetObjectCommand({ Bucket: this.name(), Key: Store.prefix + 'k' })); } }
         class Store extends Base { static prefix = 'p/'; #bucket: string;
           constructor(private readonly second: S3Client, bucket = 'default') { super(); this.#bucket = bucket; }
           name() { return this.#bucket; }
           get remover() { return this.second; }
           remove = (Key: string) => this.remover.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key })); }
         const store = new Store(new S3Client());
         class Handler { constructor(private store: Store) {} async handle(event: any) { await this.store.read(); await this.store.remove('r'); } }
         const instance = new Handler(store);
         export const handler = instance.handle.bind(instance);",
        &["s3.GetObject(Bucket=default, Key=p/k)", "s3.DeleteObject(Bucket=default, Key=r)"],
    );
}

#[test]
fn declared_types_stand_for_what_is_not_known() {
    check_s3(
        "interface Dependencies { client: S3Client }
         const use = async (client: S3Client, Key = 'k') => client.send(new GetObjectCommand({ Bucket: 'b', Key }));
         export const handler = async (event: { client: S3Client }) => { await use(event.client); };",
        &["s3.GetObject(Bucket=b, Key=k)"],
    );
}

#[test]
fn promises_and_lists() {
    check_s3(
        "const client = new S3Client();
         const get = (Key: string) => client.send(new GetObjectCommand({ Bucket: 'b', Key }));
         export const handler = async () => {
           await Promise.all(['a', 'b'].map(get));
           await get('c').then((data) => data.Body).then(() => get('d')).catch(() => get('e')).finally(() => get('f'));
           for (const key of Object.keys({ g: 1, h: 2 })) await get(key);
           Object.entries({ i: 'j' }).forEach(([key, value]) => get(`${key}-${value}`));
           const clients = new Map([['one', client]]);
           await clients.get('one')!.send(new DeleteObjectCommand({ Bucket: 'b', Key: 'k' }));
           await new Promise((resolve) => setTimeout(() => resolve(get('l')), 1));
         };",
        &[
            "s3.GetObject(Bucket=b, Key=a)",
            "s3.GetObject(Bucket=b, Key=b)",
            "s3.GetObject(Bucket=b, Key=c)",
            "s3.GetObject(Bucket=b, Key=d)",
            "s3.GetObject(Bucket=b, Key=e)",
            "s3.GetObject(Bucket=b, Key=f)",
            "s3.GetObject(Bucket=b, Key=g)",
            "s3.GetObject(Bucket=b, Key=h)",
            "s3.GetObject(Bucket=b, Key=i-j)",
            "s3.DeleteObject(Bucket=b, Key=k)",
            "s3.GetObject(Bucket=b, Key=l)",
        ],
    );
}

#[test]
fn patterns_defaults_and_choices() {
    check_s3(
        "enum Buckets { In = 'in-bucket', Out = 'out-bucket' }
         const { BUCKET = 'fallback', MISSING: missing = 'standard' } = process.env;
         const client = new S3Client();
         const read = async ({ Bucket = Buckets.In, Key }: { Bucket?: string; Key: string }) => client.send(new GetObjectCommand({ Bucket, Key }));
         export const handler = async ({ kind }: any) => {
           await read({ Key: 'a' });
           await read({ Bucket: BUCKET, Key: 'b' });
           await read({ Bucket: kind === 'x' ? Buckets.Out : 'third', Key: 'c' });
           switch (kind) { case 'a': await read({ Bucket: 's', Key: 'one' }); break; default: await read({ Bucket: 's', Key: 'two' }); }
         };",
        &[
            "s3.GetObject(Bucket=in-bucket, Key=a)",
            "s3.GetObject(Bucket=${Bucket}, Key=b)",
            "s3.GetObject(Bucket=out-bucket|third, Key=c)",
            "s3.GetObject(Bucket=s, Key=one)",
            "s3.GetObject(Bucket=s, Key=two)",
        ],
    );
}

#[test]
fn methods_chosen_by_name() {
    let code = "
        const AWS = require('aws-sdk');
        const db = new AWS.DynamoDB.DocumentClient();
        const call = (action, params) => db[action](params).promise();
        const routes = { GET: () => call('get', { TableName: 'a' }), POST: () => call('put', { TableName: 'b' }) };
        exports.handler = async (event) => { await routes[event.httpMethod](); await db[event.action]({ TableName: 'c' }).promise(); };";
    check(
        &[("index.js", code)],
        &[
            "dynamodb.GetItem(TableName=a)",
            "dynamodb.PutItem(TableName=b)",
            "db[event.action]({ TableName: 'c' }): what is called is not known: a member that is chosen at run time",
        ],
    );
}

#[test]
fn what_cannot_be_resolved_is_said() {
    check_s3(
        "import { client as theirs } from 'unheard-of';
         const client = new S3Client();
         export const handler = async (event) => {
           await client.send(event.command);
           await theirs.getObject({ Bucket: 'b' });
           const library = require(event.name);
           library.putObject({});
         };",
        &[
            "client.send(event.command): the command is known at run time only",
            "theirs.getObject({ Bucket: 'b' }): package `unheard-of` is not in the project",
            "require(event.name): the module is known at run time only",
            "library.putObject({}): the receiver is not known: a module that is chosen at run time",
        ],
    );
}

#[test]
fn routes_and_resolvers_are_called() {
    let code = "
        const express = require('express');
        const serverless = require('serverless-http');
        const { ApolloServer } = require('@apollo/server');
        const { SNS } = require('@aws-sdk/client-sns');
        const sns = new SNS();
        const app = express();
        const router = express.Router();
        router.get('/x', async (req, res) => { await sns.publish({ TopicArn: req.path, Message: 'm' }); res.send('ok'); });
        app.use('/r', router);
        const resolvers = { Query: { topics: () => sns.listTopics({}) } };
        new ApolloServer({ typeDefs: '', resolvers });
        module.exports.handler = serverless(app);";
    check(&[("index.js", code)], &["sns.Publish(Message=m)", "sns.ListTopics()"]);
}

#[test]
fn hosts_processes_and_files() {
    let code = "
        import axios from 'axios';
        import https from 'node:https';
        import { execSync } from 'child_process';
        import fs, { promises } from 'fs';
        import { writeFile } from 'fs/promises';
        export const handler = async () => {
          await fetch(`https://api.example.com/v1/${process.env.BUCKET}`);
          await axios.post('https://hooks.example.com:8443/x', {});
          await axios({ url: 'https://one.example.com', method: 'GET' });
          https.request({ hostname: 'two.example.com', path: '/' }, (answer) => answer.on('data', () => {}));
          execSync('ls -l');
          fs.writeFileSync('/tmp/a', 'x'); await promises.writeFile('/tmp/b', ''); await writeFile('/tmp/c', '');
        };";
    check(
        &[("index.mjs", code)],
        &[
            "host api.example.com",
            "host hooks.example.com:8443",
            "host one.example.com",
            "host two.example.com",
            "process ls -l",
            "file /tmp/a",
            "file /tmp/b",
            "file /tmp/c",
        ],
    );
}

#[test]
fn the_extension_for_secrets_and_parameters() {
    let code = "
        const http = require('http');
        exports.handler = async (event) => {
          await fetch(`http://localhost:2773/secretsmanager/get?secretId=${process.env.TABLE}&versionStage=AWSCURRENT`);
          http.get({ hostname: 'localhost', port: 2773, path: '/systemsmanager/parameters/get?name=/app/key' }, () => {});
        };";
    check(
        &[("index.js", code)],
        &[
            "secretsmanager.GetSecretValue(SecretId=${Table})",
            "ssm.GetParameter(Name=/app/key)",
            "host localhost:2773",
            "host localhost",
        ],
    );
}

#[test]
fn functions_as_classes() {
    let code = "
        const AWS = require('aws-sdk');
        function Base() { this.db = new AWS.DynamoDB.DocumentClient(); }
        Base.prototype.read = function (TableName) { return this.db.get({ TableName }).promise(); };
        function Store(name) { Base.call(this); this.name = name; }
        Store.prototype = Object.create(Base.prototype);
        Store.prototype.all = function () { var self = this; return [1].map(function () { return self.read(self.name); }); };
        const helper = function () {};
        helper.list = () => new AWS.S3().listBuckets().promise();
        const plain = { db: new AWS.DynamoDB.DocumentClient(), scan() { return this.db.scan({ TableName: 'p' }).promise(); } };
        exports.handler = async () => { await Promise.all(new Store('t').all()); await helper.list(); await plain.scan(); };";
    check(
        &[("index.js", code)],
        &["dynamodb.GetItem(TableName=t)", "s3.ListBuckets()", "dynamodb.Scan(TableName=p)"],
    );
}
